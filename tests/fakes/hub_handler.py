"""How the `HubServer` answers a request, on either of its ports."""

import json
import re
import socket
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from hub_faults import Faults, Port
from hub_shelf import ShelfFile, ShelfRepository, only_expanded

if TYPE_CHECKING:
    from hub_server import HubServer

PIECE_BYTES = 4 * 1024**2
PACED_PIECES_PER_S = 20
POLL_S = 0.02
PORTAL = b"<!DOCTYPE html><html><body><h1>Hotel WiFi</h1>Please sign in.</body></html>"
_REPO = r"(?P<repo>[^/]+/[^/]+)"
_ROUTES = (
    (rf"/api/models/{_REPO}/tree/(?P<revision>[^/]+)(?P<folder>/.*)?", "tree"),
    (rf"/api/models/{_REPO}/paths-info/(?P<revision>[^/]+)", "paths_info"),
    (rf"/api/models/{_REPO}/auth-check", "auth_check"),
    (rf"/api/models/{_REPO}(/revision/(?P<revision>[^/]+))?", "info"),
    (r"/api/models", "search"),
    (r"/api/whoami-v2", "whoami"),
    (rf"/{_REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)", "resolve"),
)


class HubHandler(BaseHTTPRequestHandler):
    """Answers one connection, request after request."""

    protocol_version = "HTTP/1.1"
    server_version = "LoopbackHub"
    disable_nagle_algorithm = True
    server: Any

    @staticmethod
    def cut(connection: socket.socket) -> None:
        """End a connection for both sides."""
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    def setup(self) -> None:
        super().setup()
        self.hub: HubServer = self.server.hub
        with self.server.connections_lock:
            self.server.connections.add(self.connection)
        if self.hub.closing.is_set():
            self.cut(self.connection)

    def finish(self) -> None:
        with self.server.connections_lock:
            self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_: object) -> None:
        """Say nothing; `HubServer.requests` is the log."""

    def send_header(self, keyword: str, value: str) -> None:
        if keyword.lower() not in self.hub.faults.omitted_headers:
            super().send_header(keyword, value)

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.seen = self.hub.note_request(
            self.command, self.path, self.server.port, dict(self.headers.items())
        )
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        while self.hub.faults.is_silent:
            if self.hub.closing.wait(POLL_S):
                raise ConnectionAbortedError
        refusal = self.hub.take_refusal(self.server.port)
        if self.hub.faults.is_portal:
            self._say(200, PORTAL, {"Content-Type": "text/html"})
        elif refusal is not None:
            self._refuse(refusal.status, refusal.code, refusal.message, refusal.headers)
        elif self.server.port is Port.CDN:
            self._answer_link()
        else:
            self._answer_hub(body)

    def _answer_hub(self, body: bytes) -> None:
        address = urlsplit(self.path)
        self.query = parse_qs(address.query)
        self.form = parse_qs(body.decode())
        for pattern, name in _ROUTES:
            match = re.fullmatch(pattern, address.path)
            if match is not None:
                known = {key: unquote(text or "") for key, text in match.groupdict().items()}
                getattr(self, f"_answer_{name}")(**known)
                return
        self._refuse(404, "", "Not found")

    def _answer_search(self) -> None:
        found = self.hub.shelf.search(self.query, user=self._user())
        start = int(self.query.get("cursor", ["0"])[0])
        limit = min(int(self.query.get("limit", ["1000"])[0]), self.hub.page_limit)
        page = found[start : start + limit]
        headers = {}
        if start + limit < len(found):
            more = urlencode(self.query | {"cursor": start + limit}, doseq=True)
            headers["Link"] = f'<{self.hub.endpoint}/api/models?{more}>; rel="next"'
        self._say_json([only_expanded(model.as_info(), self.query) for model in page], headers)

    def _answer_info(self, repo: str, revision: str = "") -> None:
        repository = self._repository(repo, revision or "main")
        if repository is not None:
            with_blobs = self.query.get("blobs", [""])[0].lower() == "true"
            info = repository.as_info(revision or "main", with_blobs=with_blobs)
            self._say_json(only_expanded(info, self.query))

    def _answer_tree(self, repo: str, revision: str, folder: str = "") -> None:
        repository = self._repository(repo, revision)
        if repository is not None:
            files = (repository.files_of(revision) or {}).values()
            wanted = f"{folder.strip('/')}/".lstrip("/")
            inside = [file.as_tree_item() for file in files if file.path.startswith(wanted)]
            self._say_json(inside)

    def _answer_paths_info(self, repo: str, revision: str) -> None:
        repository = self._repository(repo, revision)
        if repository is not None:
            files = repository.files_of(revision) or {}
            wanted = self.form.get("paths", [])
            self._say_json([files[path].as_tree_item() for path in wanted if path in files])

    def _answer_auth_check(self, repo: str) -> None:
        repository = self._repository(repo, "main")
        if repository is not None and self._is_let_in(repository):
            self._say_json({})

    def _answer_whoami(self) -> None:
        user = self._user()
        if not user:
            self._refuse(401, "", "Invalid credentials in Authorization header")
            return
        token = {"role": "read", "displayName": "heft"}
        known = {"name": user, "type": "user", "orgs": []}
        self._say_json(known | {"auth": {"type": "access_token", "accessToken": token}})

    def _answer_resolve(self, repo: str, revision: str, path: str) -> None:
        if repo in self.hub.moved:
            place = f"/{self.hub.moved[repo]}/resolve/{revision}/{quote(path)}"
            self._say(307, b"", {"Location": place})
            return
        repository = self._repository(repo, revision)
        if repository is None or not self._is_let_in(repository):
            return
        file = (repository.files_of(revision) or {}).get(path)
        commit = {"X-Repo-Commit": repository.commit_of(revision)}
        if file is None:
            self._refuse(404, "EntryNotFound", "Entry not found", commit)
            return
        headers = commit | self._metadata(file)
        if file.is_large and (self.hub.has_cdn or self.hub.faults.redirect):
            self._say(302, b"", headers | {"Location": self._link(repository, file)})
        else:
            self._say_file(file, headers)

    def _metadata(self, file: ShelfFile) -> dict[str, str]:
        faults = self.hub.faults
        etag = file.etag if faults.etag is None else faults.etag
        size = file.size_bytes if faults.linked_size is None else faults.linked_size
        linked = {"X-Linked-Etag": f'"{etag}"', "X-Linked-Size": str(size)}
        return {"ETag": f'"{etag}"'} | (linked if file.is_large else {})

    def _link(self, repository: ShelfRepository, file: ShelfFile) -> str:
        if self.hub.faults.redirect:
            return self.hub.faults.redirect
        number = self.hub.sign_link(file)
        name = quote(file.path.rpartition("/")[2])
        return f"{self.hub.cdn}/{repository.id}/{file.sha256}/{name}?Signature={number}"

    def _answer_link(self) -> None:
        number = parse_qs(urlsplit(self.path).query).get("Signature", [""])[0]
        file = self.hub.use_link(int(number)) if number.isdigit() else None
        if file is None:
            self._refuse(403, "", "Request has expired")
            return
        faults = self.hub.faults
        etag = file.sha256 if faults.cdn_etag is None else faults.cdn_etag
        self._say_file(file, {"ETag": f'"{etag}"'})

    def _repository(self, repo: str, revision: str) -> ShelfRepository | None:
        """Find what is asked for; None if the refusal was sent."""
        repository = self.hub.shelf.repositories.get(repo)
        user = self._user()
        if repository is None or (repository.private and user not in repository.granted):
            self._refuse(404, "RepoNotFound", "Repository not found")
            return None
        if repository.files_of(revision) is None:
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return repository

    def _is_let_in(self, repository: ShelfRepository) -> bool:
        """Whether the user may have the files; the refusal was sent if not."""
        user = self._user()
        if not repository.gated or user in repository.granted:
            return True
        words = f"Access to model {repository.id} is restricted."
        self._refuse(403 if user else 401, "GatedRepo", words)
        return False

    def _user(self) -> str:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        return self.hub.users.get(token, "")

    def _refuse(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        named = {"X-Error-Code": code, "X-Error-Message": message} if code or message else {}
        body = json.dumps({"error": message}).encode()
        self._say(status, body, {"Content-Type": "application/json"} | named | (headers or {}))

    def _say_json(self, answer: object, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(answer).encode()
        self._say(200, body, {"Content-Type": "application/json"} | (headers or {}))

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self._begin(status, headers | {"Content-Length": str(len(body))})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()

    def _say_file(self, file: ShelfFile, headers: dict[str, str]) -> None:
        faults = self.hub.faults
        headers = headers | {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
        span = self._span(file.size_bytes)
        if span is None or (span != (0, None) and self.hub.spend(faults, "refuses_ranges_times")):
            self._say(416, b"", {"Content-Range": f"bytes */{file.size_bytes}"})
            return
        start, stop = span[0], file.size_bytes if span[1] is None else span[1]
        status = 200
        if span != (0, None):
            status = 206
            start = min(start + faults.range_shift_bytes, stop - 1)
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size_bytes}"
        self._begin(status, headers | {"Content-Length": str(stop - start)})
        if self.command != "HEAD":
            self._send_body(file, start, stop, faults)

    def _span(self, size_bytes: int) -> tuple[int, int | None] | None:
        """Read the Range header: (0, None) for the whole file, None for one outside of it."""
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "")
        if match is None or match[0] == "bytes=-" or self.hub.faults.ignores_range:
            return 0, None
        if not match[1]:
            return max(size_bytes - int(match[2]), 0), size_bytes
        start = int(match[1])
        stop = min(int(match[2]) + 1, size_bytes) if match[2] else size_bytes
        return (start, stop) if start < stop else None

    def _send_body(self, file: ShelfFile, start: int, stop: int, faults: Faults) -> None:
        length = stop - start
        dropped, stalled = faults.drop_after_bytes, faults.stall_after_bytes
        if dropped is not None and dropped < length and self.hub.spend(faults, "drop_times"):
            self._send_span(file, start, start + dropped, faults)
            self.close_connection = True
            self.cut(self.connection)
        elif stalled is not None and stalled < length and self.hub.spend(faults, "stall_times"):
            self._send_span(file, start, start + stalled, faults)
            self.close_connection = True
            self._wait_for_the_end()
        else:
            self._send_span(file, start, stop, faults)

    def _send_span(self, file: ShelfFile, start: int, stop: int, faults: Faults) -> None:
        spoiled = faults.corrupt_at
        if spoiled is not None and not (
            start <= spoiled < stop and self.hub.spend(faults, "corrupt_times")
        ):
            spoiled = None
        begun_s = time.monotonic()
        at = start
        while at < stop:
            pace = faults.bytes_per_s
            most = PIECE_BYTES if pace is None else max(pace // PACED_PIECES_PER_S, 1)
            end = min(at + most, stop)
            self._send_piece(file, at, end, spoiled)
            self.seen.sent_bytes += end - at
            at = end
            due_s = begun_s + (at - start) / pace if pace else 0.0
            if due_s > time.monotonic() and self.hub.closing.wait(due_s - time.monotonic()):
                raise ConnectionAbortedError

    def _send_piece(self, file: ShelfFile, start: int, stop: int, spoiled: int | None) -> None:
        if isinstance(file.content, bytes):
            piece = file.content[start:stop]
        elif spoiled is not None and start <= spoiled < stop:
            piece = _read(file.content, start, stop)
        else:
            with file.content.open("rb") as stream:
                self.connection.sendfile(stream, start, stop - start)
            return
        if spoiled is not None and start <= spoiled < stop:
            at = spoiled - start
            piece = piece[:at] + bytes([piece[at] ^ 0xFF]) + piece[at + 1 :]
        self.connection.sendall(piece)

    def _wait_for_the_end(self) -> None:
        """Hold the connection open until this server closes or the client has gone."""
        self.connection.settimeout(0)
        while not self.hub.closing.wait(POLL_S):
            with suppress(BlockingIOError):
                if not self.connection.recv(1, socket.MSG_PEEK):
                    return


def _read(path: Path, start: int, stop: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(stop - start)
