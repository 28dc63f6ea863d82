"""A worker whose role prints from everywhere: Python, the file descriptor and the C library."""

import ctypes
import os
import sys

from desktop.core.errors import AppError
from desktop.wire.messages import FileInspected, InspectFile, MeasureBandwidth, Request
from desktop.workers.runtime import Send, run_worker


class TalkativeRole:
    """Prints, then answers; a file named ``refuse`` is an AppError, ``mistake`` is a bug."""

    def __init__(self, send: Send) -> None:
        self._send = send
        sys.stdout.write("hello from the start\n")

    def handle(self, request: Request) -> None:
        if isinstance(request, MeasureBandwidth):
            raise ZeroDivisionError("a mistake")
        assert isinstance(request, InspectFile)
        if request.path == "refuse":
            raise AppError("Refused", "It was asked to.", "Ask otherwise.")
        sys.stdout.write("hello from Python\n")
        sys.stdout.flush()
        os.write(1, b"hello from the descriptor\n")
        library = ctypes.CDLL(None)
        library.puts(b"hello from C")
        library.fflush(None)
        self._send(FileInspected(request.path, None, None))

    def cancel(self) -> None:
        sys.stdout.write("hello from the reader\n")

    def forget_cancel(self) -> None:
        """There is none to forget."""


if __name__ == "__main__":
    run_worker(TalkativeRole)
