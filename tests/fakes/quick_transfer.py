"""Transfers of small files without long waits, and what they say meanwhile."""

import threading
from collections.abc import Callable

import pytest
from hub_server import HubServer

from desktop.core.download import DownloadState
from desktop.core.hub_model import HubFault
from desktop.hub.fault import HubError
from desktop.hub.terms import Patience, Terms
from desktop.hub.transfer_outcome import Progress

QUICK_TERMS = Terms(
    Patience(stall_s=0.3, first_pause_s=0.01, longest_pause_s=0.04, fruitless_failures=4),
    smallest_slice_bytes=64 * 1024,
    widen_s=0.01,
    sync_s=0.05,
    reserve_bytes=0,
)


class Told:
    """What a transfer said, and the word for it to stop.

    Attributes:
        stop_after_bytes: It is to stop when the server has sent so much more; None for never.
        most_streams: So many connections were at work at a time.
    """

    def __init__(self, server: HubServer) -> None:
        self.progress: list[Progress] = []
        self.stop_after_bytes: int | None = None
        self.most_streams = 0
        self._server = server
        self._before_bytes = 0

    def take(self, progress: Progress) -> None:
        self.progress.append(progress)

    def should_stop(self) -> bool:
        self.most_streams = max(self.most_streams, len(self.streams()))
        sent_bytes = self._server.bytes_sent - self._before_bytes
        if self.stop_after_bytes is None or sent_bytes < self.stop_after_bytes:
            return False
        self._before_bytes += sent_bytes
        return True

    def streams(self) -> list[threading.Thread]:
        """The connections that are at work."""
        return [one for one in threading.enumerate() if one.name == "stream"]

    @property
    def notes(self) -> set[str]:
        return {one.note for one in self.progress if one.note}

    @property
    def states(self) -> set[DownloadState]:
        return {one.state for one in self.progress}


def refused(call: Callable[..., object], *arguments: object) -> HubFault:
    """Call what must be refused, with words, and return the kind of refusal."""
    with pytest.raises(HubError) as caught:
        call(*arguments)
    problem = caught.value.problem
    assert problem.title
    assert problem.detail
    assert problem.next_step
    return caught.value.refusal.fault
