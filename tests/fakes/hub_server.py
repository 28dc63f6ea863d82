"""A Hugging Face Hub on this machine: its API on one port, its files on a second that is the CDN.

It speaks real HTTP to the real huggingface_hub, and fails in every way that `Faults` names.
"""

import itertools
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hub_faults import FOREVER, Faults, Port, Refusal
from hub_handler import HubHandler
from hub_shelf import Content, Shelf, ShelfFile, ShelfRepository, shelf_file

from desktop.core.hub_environment import hub_environment

__all__ = ["FOREVER", "Faults", "HubServer", "Port", "Refusal", "SeenRequest"]


@dataclass
class SeenRequest:
    """One request as it came.

    Attributes:
        path: With the query.
        range: The Range header; empty without one.
        is_authorized: Whether it carried an Authorization header.
        user_agent: How the client called itself.
        sent_bytes: How much of a file it was given.
    """

    method: str
    path: str
    port: Port
    range: str
    is_authorized: bool
    user_agent: str = ""
    sent_bytes: int = 0


class HubServer:
    """A Hub that runs while its context is entered.

    Attributes:
        faults: What goes wrong; may be replaced or changed at any time.
        requests: Every request so far, in order.
        users: Names of users by the token that is theirs.
        moved: Repositories that have a new name, by their old one.
        has_cdn: Whether files come from the second port; else from the Hub's own.
        page_limit: So many models fit on a page of a search at most.
    """

    def __init__(self, *, has_cdn: bool = True, port_number: int = 0) -> None:
        """Open the ports; `port_number` is that of the Hub, 0 for any that is free."""
        self.faults = Faults()
        self.requests: list[SeenRequest] = []
        self.users: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.has_cdn = has_cdn
        self.page_limit = 1000
        self.shelf = Shelf()
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._link_numbers = itertools.count(1)
        self._links: dict[int, _Link] = {}
        self._crashes: list[BaseException] = []
        numbers = {Port.HUB: port_number, Port.CDN: 0}
        self._servers = {port: _Listener(self, port, numbers[port]) for port in Port}

    def __enter__(self) -> Self:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if self._crashes and error is None:
            raise self._crashes[0]

    def close(self) -> None:
        """End, so that nobody answers any more; may be called again."""
        self.closing.set()
        for server in self._servers.values():
            server.shutdown()
            server.close_connections()
            server.server_close()

    @property
    def endpoint(self) -> str:
        """Address of the Hub."""
        return f"http://127.0.0.1:{self._servers[Port.HUB].server_port}"

    @property
    def cdn(self) -> str:
        """Address of the CDN."""
        return f"http://127.0.0.1:{self._servers[Port.CDN].server_port}"

    @property
    def bytes_sent(self) -> int:
        """How much of files was sent so far."""
        return sum(request.sent_bytes for request in self.requests)

    def variables(self, home: Path, *, is_offline: bool = False) -> dict[str, str]:
        """The environment of a process that shall take this server for the Hub."""
        return hub_environment(home, self.endpoint, is_offline=is_offline) | {
            "HEFT_LOOPBACK_HUB": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def add_repository(
        self, repo: str, files: Mapping[str, Content], **facts: Any
    ) -> ShelfRepository:
        """Offer a repository, or a new commit of it; `facts` are those of `ShelfRepository`."""
        shelved = {path: shelf_file(path, content) for path, content in files.items()}
        return self.shelf.put(ShelfRepository(repo, shelved, **facts))

    def add_user(self, token: str, name: str) -> None:
        """Let a token be somebody's."""
        self.users[token] = name

    def paths(self, port: Port | None = None) -> list[str]:
        """Method and path, without the query, of the requests so far."""
        return [
            f"{request.method} {request.path.partition('?')[0]}"
            for request in self.requests
            if port in {None, request.port}
        ]

    def spend(self, faults: Faults, counter: str) -> bool:
        """Count down a knob; False if it was at its end."""
        with self._lock:
            left: int = getattr(faults, counter)
            if left > 0:
                setattr(faults, counter, left - 1)
            return left > 0

    def take_refusal(self, port: Port) -> Refusal | None:
        """The error that the next request on a port is to get, if any."""
        refusal = self.faults.refusal
        with self._lock:
            if refusal is None or refusal.times <= 0 or refusal.where not in {None, port}:
                return None
            refusal.times -= 1
            return refusal

    def sign_link(self, file: ShelfFile) -> int:
        """Make a new signed link to a file, and return its number."""
        with self._lock:
            number = next(self._link_numbers)
            self._links[number] = _Link(file)
            return number

    def use_link(self, number: int) -> ShelfFile | None:
        """Return the file behind a signed link; None if it has expired."""
        with self._lock:
            link = self._links.get(number)
            if link is None or link.uses == self.faults.link_uses:
                return None
            link.uses += 1
            return link.file

    def expire_links(self) -> None:
        """End all signed links that were given out."""
        with self._lock:
            self._links.clear()

    def note_request(
        self, method: str, path: str, port: Port, headers: Mapping[str, str]
    ) -> SeenRequest:
        """Write down a request."""
        known = {name.lower(): text for name, text in headers.items()}
        seen = SeenRequest(
            method,
            path,
            port,
            known.get("range", ""),
            "authorization" in known,
            known.get("user-agent", ""),
        )
        self.requests.append(seen)
        return seen

    def note_crash(self, error: BaseException) -> None:
        """Keep a mistake of this server, to be raised at its end."""
        self._crashes.append(error)


@dataclass
class _Link:
    """A signed link, and how often it was used."""

    file: ShelfFile
    uses: int = 0


class _Listener(ThreadingHTTPServer):
    """One of the two ports; knows its connections, so that it can end them."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, hub: HubServer, port: Port, number: int) -> None:
        super().__init__(("127.0.0.1", number), HubHandler)
        self.hub = hub
        self.port = port
        self.connections: set[Any] = set()
        self.connections_lock = threading.Lock()

    def close_connections(self) -> None:
        with self.connections_lock:
            for connection in self.connections:
                HubHandler.cut(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a client that has gone; anything else is a mistake of this server."""
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.hub.note_crash(error)
