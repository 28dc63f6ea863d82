"""One connection of a download: it asks for some bytes of a file and writes what comes."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

import httpx2

from desktop.core.errors import AppError
from desktop.core.hub_model import HubRefusal
from desktop.hub.api import RemoteLocation
from desktop.hub.byte_ranges import Span
from desktop.hub.fault import (
    HubError,
    refusal_of,
    refusal_of_response,
    retry_after_s,
    sign_in_page,
)
from desktop.hub.http import TIMEOUT_S
from desktop.hub.part_file import PartClosedError, PartFile
from desktop.hub.transfer_problem import broken_off, link_refused, not_as_asked, stalled

_logger = logging.getLogger(__name__)

READ_BYTES = 128 * 1024

_EXPIRED_STATUSES = frozenset({401, 403, 404, 410})
_PROXY_STATUSES = frozenset({407, 511})


class Ending(Enum):
    """How a connection ended."""

    DONE = "all that was asked for is there"
    STOPPED = "it was told to stop"
    BROKEN = "it can be tried again"
    EXPIRED = "the address no longer leads to the file"
    NO_RANGES = "the server sends the whole file or nothing"
    CHANGED = "the file is another one than before"
    HOPELESS = "there is no point in trying again"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a connection ended, and why, unless it did what it should.

    Attributes:
        wait_s: How long the server asks to wait; None if it does not.
        problem: What the disk, or a mistake in this program, raised; None if that is not why.
    """

    ending: Ending
    refusal: HubRefusal | None = None
    wait_s: float | None = None
    problem: Exception | None = None


class _EndedError(Exception):
    """Carries an outcome to the end of the connection."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Errand:
    """What a connection is to fetch.

    Attributes:
        span: The bytes.
        is_ranged: Whether it may ask for a part of the file; else it asks for the whole.
        etag: What the server called the file's content before; empty if it is not known.
    """

    location: RemoteLocation
    span: Span
    is_ranged: bool
    etag: str


class Stream:
    """A connection at work in a thread of its own.

    Attributes:
        errand: What it fetches.
        etag: What the server calls the content; empty until it has answered.
        has_begun: Whether it was answered as it should be.
        fetched_bytes: What came so far.
    """

    def __init__(
        self,
        client: httpx2.Client,
        errand: Errand,
        part: PartFile,
        stall_s: float,
        on_end: Callable[["Stream", Outcome], None],
    ) -> None:
        self.errand = errand
        self.etag = ""
        self.has_begun = False
        self.fetched_bytes = 0
        self._client = client
        self._part = part
        self._stall_s = stall_s
        self._on_end = on_end
        self._is_stopped = False
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)

    def start(self) -> None:
        """Begin; `on_end` is called from its thread, once."""
        self._thread.start()

    def stop(self) -> None:
        """End soon: at once while bytes come, after the time-out while it is still connecting."""
        self._is_stopped = True
        if self._socket is not None:
            with suppress(OSError):
                # Not the method of a TLS socket, which is not made for another thread's call.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def wait(self, timeout_s: float) -> None:
        """Wait for its end, or for a time."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            outcome = self._fetch()
        except Exception as error:
            _logger.exception("a connection made a mistake")
            outcome = Outcome(Ending.HOPELESS, problem=error)
        self._on_end(self, Outcome(Ending.STOPPED) if self._is_stopped else outcome)

    def _fetch(self) -> Outcome:
        try:
            with self._client.stream(
                "GET", self.errand.location.url, headers=self._headers(), timeout=self._timeout()
            ) as response:
                self._check(response)
                self._receive(response)
        except _EndedError as ended:
            return ended.outcome
        except (AppError, PartClosedError, httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            return self._outcome_of(error)
        return Outcome(Ending.DONE)

    def _outcome_of(self, error: Exception) -> Outcome:
        match error:
            case PartClosedError():
                return Outcome(Ending.STOPPED)
            case HubError():
                return Outcome(Ending.HOPELESS, error.refusal)
            case AppError():
                return Outcome(Ending.HOPELESS, problem=error)
            case TimeoutError() | httpx2.ReadTimeout():
                return Outcome(Ending.BROKEN, stalled(self._stall_s))
            case _:
                return Outcome(Ending.BROKEN, broken_off() if self.has_begun else refusal_of(error))

    def _headers(self) -> dict[str, str]:
        start, stop = self.errand.span
        headers = {"Accept-Encoding": "identity", **self.errand.location.headers}
        return headers | ({"Range": f"bytes={start}-{stop - 1}"} if self.errand.is_ranged else {})

    def _timeout(self) -> httpx2.Timeout:
        return httpx2.Timeout(TIMEOUT_S, read=self._stall_s)

    def _check(self, response: httpx2.Response) -> None:
        """Go on only if the answer is what was asked for."""
        outcome = judge_answer(self.errand, response)
        if outcome is not None:
            raise _EndedError(outcome)
        self.etag = strong_etag(response)
        self.has_begun = True

    def _receive(self, response: httpx2.Response) -> None:
        at, stop = self.errand.span
        for piece in self._pieces(response):
            if self._is_stopped:
                return
            data = piece[: stop - at]
            self._part.write(at, data)
            at += len(data)
            self.fetched_bytes += len(data)
            if at == stop:
                return
        raise _EndedError(Outcome(Ending.BROKEN, broken_off()))

    def _pieces(self, response: httpx2.Response) -> Iterator[bytes | memoryview]:
        """Return the body as it comes, and perhaps what comes after it.

        httpx2 hands out small pieces that were copied several times, which halves the speed of
        fast networks. With the first piece its buffers are empty, so the rest is read from the
        socket; the connection is not used again.
        """
        self._socket = _socket_of(response)
        pieces = response.iter_raw()
        yield next(pieces, b"")
        if self._socket is None or "Transfer-Encoding" in response.headers:
            yield from pieces
            return
        self._socket.settimeout(self._stall_s)
        view = memoryview(bytearray(READ_BYTES))
        while count := self._socket.recv_into(view):
            yield view[:count]


def judge_answer(errand: Errand, response: httpx2.Response) -> Outcome | None:
    """Compare the head of an answer with what was asked for; None if it is just that."""
    if response.status_code not in {200, 206}:
        return _judge_error(response)
    is_whole = response.status_code == 200
    if is_whole and response.headers.get("Content-Type", "").startswith("text/html"):
        return Outcome(Ending.HOPELESS, sign_in_page())
    if errand.etag and strong_etag(response) != errand.etag:
        return Outcome(Ending.CHANGED, not_as_asked("it sends another file than before"))
    if is_whole and errand.is_ranged:
        return Outcome(Ending.NO_RANGES, not_as_asked("it does not send parts of the file"))
    doubt = _doubt(errand, response)
    return Outcome(Ending.BROKEN, not_as_asked(doubt)) if doubt else None


def _judge_error(response: httpx2.Response) -> Outcome:
    status = response.status_code
    if status in _PROXY_STATUSES:
        return Outcome(Ending.HOPELESS, sign_in_page())
    if status in _EXPIRED_STATUSES:
        return Outcome(Ending.EXPIRED, link_refused(status))
    if status == 416:
        return Outcome(Ending.NO_RANGES, not_as_asked("it refuses to send a part of the file"))
    return Outcome(Ending.BROKEN, refusal_of_response(response), retry_after_s(response.headers))


def strong_etag(response: httpx2.Response) -> str:
    """Return what the server calls the content; empty if that may mean several contents."""
    etag: str = response.headers.get("ETag", "").strip()
    return "" if etag.startswith("W/") else etag


def _doubt(errand: Errand, response: httpx2.Response) -> str:
    """Return what is wrong with a body that was promised; empty if nothing is."""
    headers, size_bytes = response.headers, errand.location.size_bytes
    if headers.get("Content-Encoding", "identity") != "identity":
        return "it sends the file in another form"
    if errand.is_ranged:
        start, stop = errand.span
        expected = f"bytes {start}-{stop - 1}/{size_bytes}"
        return "" if headers.get("Content-Range") == expected else "it sends another part"
    if headers.get("Content-Length", str(size_bytes)) != str(size_bytes):
        return "the file it sends has another size"
    return ""


def _socket_of(response: httpx2.Response) -> socket.socket | None:
    """Return the socket that the body comes from; None where it comes in TLS within TLS."""
    network = response.extensions["network_stream"]
    if isinstance(network.get_extra_info("ssl_object"), ssl.SSLObject):
        return None
    found: socket.socket = network.get_extra_info("socket")
    return found
