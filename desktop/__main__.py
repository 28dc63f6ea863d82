"""The one entry of all programs: the window, the command line, and the worker processes."""

import gc
import os
import sys
from importlib import import_module

WORKER_OPTION = "--worker"
_WORKERS = {
    "engine": "desktop.workers.engine_worker",
    "inspect": "desktop.workers.inspect_worker",
    "hub": "desktop.workers.hub_worker",
    "weigh": "desktop.workers.weigh_worker",
    "download": "desktop.workers.download_worker",
}
_LOADING_COMMANDS = {"chat"}
"""Commands that load a model in this process."""


def main() -> int:
    """Run the program that the arguments ask for, and return its exit status.

    Nothing is imported before it is known to be needed: a worker needs no window, and
    ``heft --version`` needs neither.
    """
    arguments = sys.argv[1:]
    if arguments[:1] == [WORKER_OPTION]:
        return _run_worker(arguments[1:])
    if _LOADING_COMMANDS.intersection(arguments):
        _start_again_with_huge_pages(arguments)
    if not arguments:
        # The usual start of the window: there is nothing to read from a command line.
        options = import_module("desktop.core.window_options").WindowOptions()
        return _open_window(options)
    outcome = import_module("desktop.cli.program").run(arguments)
    if isinstance(outcome, int):
        return outcome
    return _open_window(outcome)


def _open_window(options: object) -> int:
    # What is imported stays; the app turns it on again once the window is there.
    gc.disable()
    status: int = import_module("desktop.app").main(options)
    return status


def _start_again_with_huge_pages(arguments: list[str]) -> None:
    variables = import_module("desktop.system.huge_pages").huge_page_variables()
    if variables:
        command = [sys.executable, "-m", "desktop", *arguments]
        os.execve(sys.executable, command, os.environ | variables)  # noqa: S606 (ourselves again)


def _run_worker(arguments: list[str]) -> int:
    module = _WORKERS.get(arguments[0]) if arguments else None
    if module is None:
        sys.stderr.write(f"{WORKER_OPTION} takes one of: {', '.join(_WORKERS)}\n")
        return 2
    import_module(module).main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
