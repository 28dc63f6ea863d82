"""The loop every worker runs: requests in on stdin, events out on stdout, one JSON line each.

The reader is a thread of its own, so that a Cancel is heard while the main thread computes, and so
that the worker ends at once when its stdin closes, which is how it learns that the app is gone.
"""

import ctypes
import faulthandler
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from desktop.core.errors import AppError, Problem
from desktop.wire.codec import WireError, decode_request, encode
from desktop.wire.message import Cancel, Failed, Heartbeat
from desktop.wire.messages import Event, Request

HEARTBEAT_INTERVAL_S = 0.25

_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)

_logger = logging.getLogger(__name__)

Send = Callable[[Event], None]


class Role(Protocol):
    """What a worker does with its requests."""

    def handle(self, request: Request) -> None:
        """Carry out a request, in the main thread; an AppError becomes a Failed event."""

    def cancel(self) -> None:
        """Give up the request under way, or the next one; called from the reader's thread."""

    def forget_cancel(self) -> None:
        """Take back a cancel that came too late."""


class _Channel:
    """Writes events; may be used from several threads."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._sent_s = 0.0

    def send(self, event: Event) -> None:
        line = encode(event)
        with self._lock:
            self._sent_s = time.monotonic()
            self._stream.write(line)
            self._stream.flush()

    def send_heartbeat(self) -> None:
        """Give a sign of life, unless there was one a moment ago."""
        if time.monotonic() - self._sent_s >= HEARTBEAT_INTERVAL_S:
            self.send(Heartbeat())


class _Inbox:
    """Requests that wait; a Cancel reaches those that came before it and no other."""

    def __init__(self, role: Role) -> None:
        self._role = role
        self._queue: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._received = 0
        self._settled = 0
        self._cancelled = 0

    def put(self, request: Request) -> None:
        with self._lock:
            if not isinstance(request, Cancel):
                self._received += 1
                self._queue.put(request)
            elif self._received > self._settled:
                self._cancelled = self._received
                self._role.cancel()

    def next(self) -> Request:
        return self._queue.get()

    def settle(self) -> None:
        with self._lock:
            self._settled += 1
            # The next request may be here already, and its Cancel with it.
            if self._cancelled <= self._settled:
                self._role.forget_cancel()


def run_worker(create_role: Callable[[Send], Role]) -> None:
    """Serve requests until stdin closes; does not return."""
    _end_with_parent()
    channel = _Channel(_take_stdout())
    faulthandler.enable()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    role = create_role(channel.send)
    inbox = _Inbox(role)
    threading.Thread(target=_read, args=(inbox,), name="reader", daemon=True).start()
    while True:
        request = inbox.next()
        with _heartbeat(channel):
            _handle(role, request, channel.send)
        inbox.settle()


def _handle(role: Role, request: Request, send: Send) -> None:
    try:
        role.handle(request)
    except AppError as error:
        send(Failed(error.problem))
    except Exception as error:
        _logger.exception("%s failed", type(request).__name__)
        send(Failed(_unexpected(error)))


def _unexpected(error: Exception) -> Problem:
    return Problem(
        "The engine made a mistake",
        "Something happened in it that should not have; the details say what.",
        "Try again. If it happens again, choose another model.",
        (f"{type(error).__name__}: {error}",),
    )


def _read(inbox: _Inbox) -> None:
    for line in sys.stdin.buffer:
        try:
            inbox.put(decode_request(line))
        except WireError:
            _logger.exception("a line on stdin is not a request")
    # The app is gone or wants this process gone: native code may be anywhere, so no clean-up.
    os._exit(0)


@contextmanager
def _heartbeat(channel: _Channel) -> Iterator[None]:
    done = threading.Event()

    def beat() -> None:
        while not done.wait(HEARTBEAT_INTERVAL_S):
            channel.send_heartbeat()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()


def _take_stdout() -> BinaryIO:
    """Keep stdout for the protocol and let whatever prints, C libraries too, print to stderr."""
    protocol = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return protocol


def _end_with_parent() -> None:
    """Ask Linux to kill this process when the app dies, even while it is stopped by a signal."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(0)
