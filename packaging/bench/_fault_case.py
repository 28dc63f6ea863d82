"""One download under faults: what it ends in, what it leaves behind, and what comes twice."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import shake_256
from pathlib import Path

from hub_server import Faults, HubServer
from served_model import hub_file

from desktop.core.errors import AppError
from desktop.core.hub_model import HubFile
from desktop.hub.terms import Patience, Terms
from desktop.hub.transfer import fetch
from desktop.wire.codec import encode
from desktop.wire.download_messages import StartDownload

TERMS = Terms(
    Patience(stall_s=0.2, first_pause_s=0.01, longest_pause_s=0.05, fruitless_failures=4),
    smallest_slice_bytes=128 * 1024,
    widen_s=0.01,
    sync_s=0.05,
    reserve_bytes=0,
)
CANARY = "untouched"
KILLED_BYTES_PER_S = 1_000_000
"""Slow enough that little is on its way between the two when a process is killed."""

_START = b"GGUF\x03\0\0\0" + bytes(16)


@dataclass
class Finding:
    """What a case showed.

    Attributes:
        is_wrong: Whether a file was published that is not the one on the server.
        is_outside: Whether anything outside the models folder was touched.
        is_finished: Whether the right file was there when nothing went wrong any more.
        was_refused: Whether it ended in words while things went wrong.
        refetched_bytes: What the server sent beyond the size of the file.
        interruptions: So many times a connection or process was ended.
    """

    is_wrong: bool = False
    is_outside: bool = False
    is_finished: bool = False
    was_refused: bool = False
    refetched_bytes: int = 0
    interruptions: int = 0


class Case:
    """A file on a server, a models folder, and a place around it that nothing may touch."""

    def __init__(self, server: HubServer, place: Path, size_bytes: int, seed: int) -> None:
        self.finding = Finding()
        self.models = place / "around" / "models"
        self.size_bytes = size_bytes
        self._server = server
        self._place = place
        self.models.mkdir(parents=True)
        (place / CANARY).write_text(CANARY)
        rest_bytes = size_bytes - len(_START)
        self.body = _START + shake_256(seed.to_bytes(4, "little")).digest(rest_bytes)
        self._repo = f"campaign/r{seed}"
        self.repository = server.add_repository(self._repo, {"m.gguf": self.body})
        self.file = hub_file(self.repository)
        server.requests.clear()

    def attempt(self, file: HubFile | None = None) -> bool:
        """Fetch in this process; whether it came to its end."""
        try:
            fetch(
                file or self.file,
                self.models,
                on_progress=lambda _progress: None,
                should_stop=lambda: False,
                terms=TERMS,
            )
        except AppError:
            self.finding.was_refused = True
            return False
        finally:
            self.look()
        return True

    def kill_at(self, sent_bytes: int) -> None:
        """Fetch in a worker process, which is killed when the server has sent so much in all."""
        self._server.faults = Faults(bytes_per_s=KILLED_BYTES_PER_S)
        with subprocess.Popen(
            [sys.executable, "-m", "desktop", "--worker", "download"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ,
        ) as worker:
            worker.stdin.write(encode(StartDownload(self.file, str(self.models))))
            worker.stdin.flush()
            while self._server.bytes_sent < sent_bytes and worker.stdout.readline():
                pass
            worker.kill()
        self.finding.interruptions += 1
        self.look()

    def finish(self) -> Finding:
        """Let nothing go wrong any more, and say what the whole case showed."""
        self._server.faults = Faults()
        self.finding.is_finished = self.attempt()
        target = self.models / self._repo.replace("/", "--") / "m.gguf"
        self.finding.is_finished &= target.is_file()
        self.finding.refetched_bytes = max(0, self._server.bytes_sent - self.size_bytes)
        return self.finding

    def close(self) -> None:
        """Take all of it away."""
        self._server.shelf.repositories.pop(self._repo)
        shutil.rmtree(self._place)

    def look(self) -> None:
        """Look at everything that lies in and around the models folder."""
        published = [path for path in self.models.rglob("*") if path.suffix == ".gguf"]
        self.finding.is_wrong |= any(path.read_bytes() != self.body for path in published)
        around = {path for path in self._place.rglob("*") if self.models not in path.parents}
        expected = {self._place / CANARY, self.models, self.models.parent}
        canary = (self._place / CANARY).read_text() if around == expected else ""
        self.finding.is_outside |= canary != CANARY
