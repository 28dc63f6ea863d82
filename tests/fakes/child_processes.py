"""What the list of processes shows of Heft."""

import psutil


def workers(pid: int | None = None) -> list[psutil.Process]:
    """Return the processes that one has started, by default this one."""
    return psutil.Process(pid).children(recursive=True)


def engine(pid: int | None = None) -> psutil.Process:
    """Return the one of them that has a model in it."""
    [found] = [worker for worker in workers(pid) if "engine" in worker.cmdline()]
    return found
