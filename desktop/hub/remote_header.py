"""The header of a model on the Hub, read by ranges: a few megabytes of a file of any size."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO, TypeVar

import httpx2

from desktop.core.errors import AppError
from desktop.core.gguf_header import (
    MAX_HEADER_BYTES,
    GgufError,
    GgufFault,
    GgufHeader,
    GgufListing,
    read_header,
    read_listing,
)
from desktop.core.hub_model import HubFile, HubPart
from desktop.core.model_problem import START_BYTES, problem_of_error, problem_of_start
from desktop.hub.api import RemoteLocation, locate
from desktop.hub.fault import HubError, in_words, refusal_of_response, senseless_answer
from desktop.hub.http import open_client

LISTING_BYTES = 256 * 1024
"""The first range: enough for the keys before the vocabulary."""
_WHOLE_BYTES = 5 * 512 * 1024
"""The second: with the first it holds the header of most models."""
_GROWTH = 4
_ATTEMPTS = 3
_NAME = "The file on the Hub"

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class RemoteHeader:
    """The header of one remote file.

    Attributes:
        part: The file, with size and checksum as the Hub has them.
        header: What it says.
        content: Its bytes, up to the first weight.
    """

    part: HubPart
    header: GgufHeader
    content: bytes


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """What is known of a model on the Hub without fetching it.

    Attributes:
        file: As it was asked for, with revision, sizes and checksums filled in.
        headers: Of all parts, in order.
        fetched_bytes: What came over the network for it.
        requests: How many requests that took, those for the addresses included.
    """

    file: HubFile
    headers: tuple[RemoteHeader, ...]
    fetched_bytes: int
    requests: int


def read_remote_model(file: HubFile) -> RemoteModel:
    """Read the headers of all parts of a model.

    Args:
        file: What to read; a part without a checksum is taken as the Hub has it now.

    Raises:
        HubError: The Hub refused, cannot be reached, or has another file.
        AppError: What it has is no model.
    """
    headers, fetched_bytes, requests, revision = [], 0, 0, file.revision
    with open_client() as client:
        for part in file.parts:
            location = locate(file.repo, part.path, revision)
            revision = location.commit
            start = RemoteStart(client, location, file.repo)
            headers.append(_read_part(start, _checked(part, location)))
            fetched_bytes += start.fetched_bytes
            requests += 1 + start.requests
    parts = tuple(header.part for header in headers)
    known = replace(file, revision=revision, parts=parts)
    return RemoteModel(known, tuple(headers), fetched_bytes, requests)


class RemoteStart:
    """The beginning of a remote file, fetched as far as it is read.

    Attributes:
        fetched_bytes: Over the network so far.
        requests: Made so far.
    """

    def __init__(self, client: httpx2.Client, location: RemoteLocation, repo: str) -> None:
        self.fetched_bytes = 0
        self.requests = 0
        self._client = client
        self._location = location
        self._repo = repo
        self._content = bytearray()

    def listing(self) -> GgufListing:
        """Read the keys before the vocabulary; the errors are those of `header`."""
        self._fetch_to(min(LISTING_BYTES, self._location.size_bytes))
        problem = problem_of_start(bytes(self._content[:START_BYTES]), _NAME)
        if problem is not None:
            raise AppError.from_problem(problem)
        return self._read(read_listing)

    def header(self) -> tuple[GgufHeader, bytes]:
        """Read the whole header, and return its bytes as well.

        Raises:
            HubError: The Hub refused or cannot be reached.
            AppError: It is no header.
        """
        header = self._read(read_header)
        content = bytes(self._content[: header.data_start_bytes])
        return header, content.ljust(header.data_start_bytes, b"\0")

    def _read(self, read: Callable[[BinaryIO], _Read]) -> _Read:
        while True:
            try:
                return read(io.BytesIO(self._content))
            except GgufError as error:
                limit_bytes = min(self._location.size_bytes, MAX_HEADER_BYTES)
                if error.fault is not GgufFault.TRUNCATED or len(self._content) >= limit_bytes:
                    problem = problem_of_error(error, _NAME)
                    raise AppError.from_problem(problem) from None
                step_bytes = max(_WHOLE_BYTES, (_GROWTH - 1) * len(self._content))
                self._fetch_to(min(len(self._content) + step_bytes, limit_bytes))

    def _fetch_to(self, stop: int) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            before = len(self._content)
            try:
                with in_words(self._repo):
                    self._fetch(stop)
            except HubError:
                if attempt == _ATTEMPTS or len(self._content) == before:
                    raise
            if len(self._content) >= stop:
                return
        raise HubError(senseless_answer("the file ends before it should"))

    def _fetch(self, stop: int) -> None:
        """Fetch from where we are up to `stop`, and no more, whatever the server sends."""
        start = len(self._content)
        self.requests += 1
        with self._answer(start, stop) as response:
            skip = 0 if response.status_code == httpx2.codes.PARTIAL_CONTENT else start
            for piece in response.iter_raw():
                self.fetched_bytes += len(piece)
                kept, skip = piece[skip:], max(0, skip - len(piece))
                self._content += kept[: stop - len(self._content)]
                if len(self._content) >= stop:
                    break

    @contextmanager
    def _answer(self, start: int, stop: int) -> Iterator[httpx2.Response]:
        headers = self._location.headers | {"Range": f"bytes={start}-{stop - 1}"}
        with self._client.stream("GET", self._location.url, headers=headers) as response:
            if response.is_error:
                raise HubError(refusal_of_response(response, self._repo))
            is_part = response.status_code == httpx2.codes.PARTIAL_CONTENT
            stated = response.headers.get("Content-Range", "")
            if is_part and not stated.startswith(f"bytes {start}-"):
                raise HubError(senseless_answer("it sent another part of the file"))
            yield response


def _read_part(start: RemoteStart, part: HubPart) -> RemoteHeader:
    start.listing()
    header, content = start.header()
    return RemoteHeader(part, header, content)


def _checked(part: HubPart, location: RemoteLocation) -> HubPart:
    """Return the part as the Hub has it, if it is the one that was asked for."""
    if part.sha256 and (part.sha256, part.size_bytes) != (location.sha256, location.size_bytes):
        raise HubError(senseless_answer("it has another file than the one it listed"))
    return HubPart(part.path, location.size_bytes, location.sha256)
