"""A limit on how long Python code may run, for code that comes with a model."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TimeLimitReachedError(BaseException):
    """Raised inside the limited block; a BaseException, so that no handler in it can catch it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitReachedError in this thread if the block takes longer than `seconds`.

    It interrupts Python code only, between two bytecodes, on every platform and in every thread.
    """
    thread = ctypes.c_ulong(threading.get_ident())
    lock = threading.Lock()
    is_over = False

    def expire() -> None:
        with lock:
            if not is_over:
                error = ctypes.py_object(TimeLimitReachedError)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, error)

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            is_over = True
        timer.cancel()
