"""Everything a developer of Heft types; the set-up is done on the way, and only once.

python3 packaging/dev.py run [ARGUMENTS]    start the app (without a display: chat in the terminal)
python3 packaging/dev.py test [PYTEST ...]  all gates and all tests
python3 packaging/dev.py check              format, lint, types, imports, fast tests
python3 packaging/dev.py bench [NAME ...]   measure; without a name, list what can be measured
python3 packaging/dev.py pictures           take the screenshots in resources/screenshots
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(f"Heft needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}.")

import os
import subprocess
from pathlib import Path

import display
import gates
import setup_steps
from places import BENCHES, PACKAGING, ROOT, venv_program
from watched_process import SetupError

BUILT_IN_PROMPT = "Hi, who are you?"


def run(arguments: list[str]) -> int:
    """Start the app, or the chat in the terminal where no window can be opened."""
    setup_steps.prepare(virtual_screen=False)
    setup_steps.place_starter(arguments)
    if _asks_for_window(arguments) and not display.can_open_window():
        arguments = [*arguments, *_terminal_chat()]
    return _become(venv_program("python"), ["-m", "desktop", *arguments])


def test(arguments: list[str]) -> int:
    """Run all gates and all tests; the arguments go to pytest."""
    starter = setup_steps.prepare(virtual_screen=True)
    return gates.check_all(starter, arguments)


def check(_arguments: list[str]) -> int:
    """Run the gates that are quick."""
    return gates.check_quickly(setup_steps.prepare(virtual_screen=False))


def bench(arguments: list[str]) -> int:
    """Run one of the programs in packaging/bench."""
    names = sorted(file.stem for file in BENCHES.glob("*.py") if not file.stem.startswith("_"))
    if not arguments or arguments[0] not in names:
        print(f"What can be measured: {', '.join(names) or 'nothing yet'}.")
        return 2 if arguments else 0
    return _run_script(BENCHES / f"{arguments[0]}.py", arguments[1:])


def pictures(arguments: list[str]) -> int:
    """Take the screenshots."""
    return _run_script(PACKAGING / "pictures.py", arguments)


COMMANDS = {"run": run, "test": test, "check": check, "bench": bench, "pictures": pictures}


def main(arguments: list[str]) -> int:
    """Do what the first argument names; returns the exit status."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        print(__doc__)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    try:
        return command(arguments[1:])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _asks_for_window(arguments: list[str]) -> bool:
    """Tell the window's arguments from those that start with a command, such as ``chat``."""
    if {"--help", "--version"} & set(arguments):
        return False
    return not arguments or arguments[0].startswith("-")


def _terminal_chat() -> list[str]:
    if sys.stdin.isatty():
        print("There is no display here, so the chat runs in this terminal.", flush=True)
        return ["chat"]
    print("There is no display and no terminal here, so one built-in prompt is answered:")
    print(f"> {BUILT_IN_PROMPT}", flush=True)
    return ["chat", BUILT_IN_PROMPT]


def _become(program: Path, arguments: list[str]) -> int:
    """Go on as another program; on Windows, where that is not possible, wait for it."""
    command = [str(program), *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(program, command)  # noqa: S606 (no shell is wanted)
    return subprocess.run(command, check=False).returncode


def _run_script(script: Path, arguments: list[str]) -> int:
    """Run a script of ours against the installed app, without a screen."""
    starter = setup_steps.prepare(virtual_screen=False)
    added = {
        "QT_QPA_PLATFORM": "offscreen",
        "HEFT_STARTER_MODEL": str(starter),
        "PYTHONPATH": str(PACKAGING),
    }
    command = [str(venv_program("python")), str(script), *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | added, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
