"""A process that fetches one model; to kill it loses nothing."""

import threading
from dataclasses import replace
from pathlib import Path

from desktop.core.download import DownloadState
from desktop.hub.fault import HubError
from desktop.hub.terms import Terms
from desktop.hub.transfer import fetch
from desktop.hub.transfer_outcome import Progress, StoppedError
from desktop.wire.download_messages import Downloaded, DownloadProgress, StartDownload
from desktop.wire.hub_messages import HubRefused
from desktop.wire.messages import Request
from desktop.workers.runtime import Send, run_worker


class DownloadRole:
    """Fetches what it is told to; a Cancel ends that and keeps what has come."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._stop = threading.Event()
        self._done_bytes = 0

    def handle(self, request: Request) -> None:
        """Carry out one request."""
        if not isinstance(request, StartDownload):
            raise TypeError(f"not for a download: {type(request).__name__}")
        try:
            fetched = fetch(
                request.file,
                Path(request.folder),
                on_progress=self._on_progress,
                should_stop=self._stop.is_set,
                terms=replace(Terms(), streams=request.streams),
            )
        except StoppedError:
            self._send(DownloadProgress(DownloadState.PAUSED, self._done_bytes))
        except HubError as error:
            self._send(HubRefused(error.refusal))
        else:
            self._send(Downloaded(str(fetched.path)))

    def cancel(self) -> None:
        """End the download under way; it takes a fifth of a second."""
        self._stop.set()

    def forget_cancel(self) -> None:
        """The next download is another one."""
        self._stop.clear()

    def _on_progress(self, progress: Progress) -> None:
        self._done_bytes = progress.done_bytes
        self._send(DownloadProgress(progress.state, progress.done_bytes, progress.note))


def main() -> None:
    """Run the process."""
    run_worker(DownloadRole)
