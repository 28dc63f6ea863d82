"""A worker whose role prints from everywhere: Python, the file descriptor and the C library."""

import ctypes
import os
import sys
import threading

from desktop.core.errors import AppError
from desktop.wire.inspect_messages import FileInspected, InspectFile, MeasureBandwidth
from desktop.wire.messages import Request
from desktop.workers.runtime import Send, run_worker


class TalkativeRole:
    """Prints, then answers.

    A file named ``refuse`` is an AppError, over one named ``think`` it is silent until a cancel.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_cancelled = threading.Event()
        sys.stdout.write("hello from the start\n")

    def handle(self, request: Request) -> None:
        if isinstance(request, MeasureBandwidth):
            raise ZeroDivisionError("a mistake")
        assert isinstance(request, InspectFile)
        if request.path == "refuse":
            raise AppError("Refused", "It was asked to.", "Ask otherwise.")
        if request.path == "think":
            self._is_cancelled.wait()
        sys.stdout.write("hello from Python\n")
        sys.stdout.flush()
        os.write(1, b"hello from the descriptor\n")
        library = ctypes.CDLL(None)
        library.puts(b"hello from C")
        library.fflush(None)
        self._send(FileInspected(request.path, None, None))

    def cancel(self) -> None:
        sys.stdout.write("hello from the reader\n")
        self._is_cancelled.set()

    def forget_cancel(self) -> None:
        """There is none to forget."""


if __name__ == "__main__":
    run_worker(TalkativeRole)
