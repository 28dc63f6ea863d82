"""Transfers of small files without long waits, and what they say meanwhile."""

import threading
from collections.abc import Callable

import pytest

from desktop.core.download import DownloadState
from desktop.core.hub_model import HubFault
from desktop.hub.fault import HubError
from desktop.hub.terms import Patience, Terms
from desktop.hub.watch import Progress

QUICK_TERMS = Terms(
    Patience(stall_s=0.3, first_pause_s=0.01, longest_pause_s=0.04, fruitless_failures=4),
    smallest_slice_bytes=64 * 1024,
    widen_s=0.01,
    sync_s=0.05,
    reserve_bytes=0,
)


class Told:
    """What a transfer said, and the word for it to stop."""

    def __init__(self) -> None:
        self.progress: list[Progress] = []
        self.stop_at_bytes: int | None = None
        self.most_streams = 0

    def take(self, progress: Progress) -> None:
        self.progress.append(progress)

    def should_stop(self) -> bool:
        self.most_streams = max(self.most_streams, len(self.streams()))
        done_bytes = self.progress[-1].done_bytes if self.progress else 0
        return self.stop_at_bytes is not None and done_bytes >= self.stop_at_bytes

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
