"""What the list of processes shows of Heft."""

import psutil


def workers(pid: int | None = None) -> list[psutil.Process]:
    """Return the living processes that one has started, by default this one."""
    return [one for one in psutil.Process(pid).children(recursive=True) if _arguments(one)]


def engine(pid: int | None = None) -> psutil.Process:
    """Return the one of them that has a model in it."""
    [found] = [worker for worker in workers(pid) if "engine" in _arguments(worker)]
    return found


def _arguments(process: psutil.Process) -> list[str]:
    """Return its command line; a process that has ended has none."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
