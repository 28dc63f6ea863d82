"""Fetching one file: which connection asks for what, and what a failure leads to.

All decisions are made in the thread that runs the transfer. Connections, and questions to the Hub,
have threads of their own, which report how they ended.
"""

import queue
import threading
import time
from contextlib import ExitStack

import httpx2

from desktop.core.download import DownloadState
from desktop.core.hub_model import HubFault, HubRefusal
from desktop.hub.api import RemoteLocation, locate
from desktop.hub.byte_ranges import ByteRanges, Span
from desktop.hub.fault import HubError
from desktop.hub.live_part import LivePart
from desktop.hub.part_file import PartFile
from desktop.hub.setbacks import Setbacks
from desktop.hub.stream import Ending, Errand, Outcome, Stream
from desktop.hub.terms import Terms
from desktop.hub.transfer_outcome import Progress
from desktop.hub.transfer_problem import broken_off, changed_on_hub
from desktop.hub.watch import Watch

_TICK_S = 0.1
_END_WAIT_S = 0.2
_PASSING_FAULTS = frozenset({HubFault.NO_NETWORK, HubFault.SERVER, HubFault.RATE_LIMITED})

_Report = tuple[Stream, Outcome] | RemoteLocation | HubError


class PartTransfer:
    """Fetches one file until it is whole and its SHA-256 is right."""

    def __init__(
        self,
        client: httpx2.Client,
        live: LivePart,
        revision: str,
        terms: Terms,
        watch: Watch,
    ) -> None:
        self._live = live
        self._client = client
        self._promise = live.file.promise
        self._revision = revision
        self._terms = terms
        self._watch = watch
        self._reports: queue.SimpleQueue[_Report] = queue.SimpleQueue()
        self._streams: list[Stream] = []
        self._ended_bytes = 0
        self._location: RemoteLocation | None = None
        self._is_asking = False
        self._etag = ""
        self._is_ranged = True
        self._setbacks = Setbacks(terms.patience, live.file.done_bytes)
        self._not_before_s = 0.0
        self._width = _Width(terms)
        self._is_flowing = False
        self._waiting_note = ""
        self._lasting_note = ""

    @property
    def fetched_bytes(self) -> int:
        """What came over the network so far."""
        return self._ended_bytes + sum(stream.fetched_bytes for stream in self._streams)

    def run(self, cleanup: ExitStack) -> PartFile:
        """Fetch and verify; returns the file, open, to be closed by `cleanup`.

        Raises:
            StoppedError: It was told to stop.
            HubError: The Hub, the network or the disk do not let it end.
            AppError: The disk failed.
        """
        cleanup.callback(self._close)
        try:
            while not self._live.file.is_whole:
                self._look()
                self._live.check()
                self._send_out()
                self._hear()
        finally:
            self._recall()
        while not self._live.is_verified(_TICK_S):
            self._look()
        return self._live.file

    def _close(self) -> None:
        self._live.close()

    def _look(self) -> None:
        """Say how far it is, and listen."""
        if any(stream.has_begun for stream in self._streams):
            self._is_flowing, self._waiting_note = True, ""
        done_bytes = self._live.file.done_bytes
        left_bytes = self._promise.size_bytes - done_bytes
        state = DownloadState.RUNNING if self._is_flowing else DownloadState.CONNECTING
        if not left_bytes:
            state = DownloadState.VERIFYING
        note = self._waiting_note or self._lasting_note
        self._watch.look(Progress(state, done_bytes, self.fetched_bytes, note), left_bytes)

    def _send_out(self) -> None:
        """Open connections for what is missing, as many as are of use."""
        if time.monotonic() < self._not_before_s:
            return
        if self._location is None:
            self._ask()
            return
        self._width.adjust(self._streams, self.fetched_bytes)
        while len(self._streams) < self._width.count and (span := self._next_span()):
            self._open(self._location, span)

    def _open(self, location: RemoteLocation, span: Span) -> None:
        errand = Errand(location, span, is_ranged=self._is_ranged, etag=self._etag)
        stall_s = self._terms.patience.stall_s
        stream = Stream(self._client, errand, self._live.file, stall_s, self._on_stream_end)
        self._streams.append(stream)
        stream.start()

    def _on_stream_end(self, stream: Stream, outcome: Outcome) -> None:
        self._reports.put((stream, outcome))

    def _next_span(self) -> Span | None:
        """Return what the next connection asks for; None if nothing is left to ask for.

        The less is missing the smaller are the slices, so that all connections end together.
        """
        size_bytes = self._promise.size_bytes
        if not self._is_ranged:
            return None if self._streams else (0, size_bytes)
        known = ByteRanges([*self._live.file.spans, *(one.errand.span for one in self._streams)])
        start, stop = next(known.gaps(size_bytes), (0, 0))
        if start == stop:
            return None
        slice_bytes = self._slice_bytes(size_bytes - known.total_bytes)
        is_last = stop - start - slice_bytes < self._terms.smallest_slice_bytes // 2
        return start, stop if is_last else start + slice_bytes

    def _slice_bytes(self, missing_bytes: int) -> int:
        terms = self._terms
        if self._width.is_enough:
            return terms.only_slice_bytes
        share_bytes = missing_bytes // (2 * terms.streams)
        return min(max(share_bytes, terms.smallest_slice_bytes), terms.largest_slice_bytes)

    def _ask(self) -> None:
        """Have the Hub asked where the file is."""
        if not self._is_asking:
            self._is_asking = True
            threading.Thread(target=self._locate, name="locate", daemon=True).start()

    def _locate(self) -> None:
        try:
            self._reports.put(locate(self._promise.repo, self._promise.path, self._revision))
        except HubError as error:
            self._reports.put(error)

    def _hear(self) -> None:
        """Wait a moment for a report, and act on it."""
        pause_s = self._not_before_s - time.monotonic()
        try:
            report = self._reports.get(timeout=pause_s if 0 < pause_s < _TICK_S else _TICK_S)
        except queue.Empty:
            return
        match report:
            case RemoteLocation():
                self._is_asking = False
                self._take_location(report)
            case HubError():
                self._is_asking = False
                if report.refusal.fault not in _PASSING_FAULTS:
                    raise report
                self._fall_back(report.refusal, None)
            case (stream, outcome):
                if stream in self._streams:  # one that was recalled is forgotten
                    self._judge(stream, outcome)

    def _take_location(self, location: RemoteLocation) -> None:
        found = (location.size_bytes, location.sha256)
        if found != (self._promise.size_bytes, self._promise.sha256):
            raise changed_on_hub(self._promise.path.rpartition("/")[2])
        self._location = location
        self._etag = ""

    def _judge(self, stream: Stream, outcome: Outcome) -> None:
        """Act on the end of a connection."""
        self._streams.remove(stream)
        self._ended_bytes += stream.fetched_bytes
        if stream.errand.location is self._location:
            self._etag = self._etag or stream.etag
        refusal = outcome.refusal or broken_off()
        match outcome.ending:
            case Ending.DONE | Ending.STOPPED:
                self._is_flowing = True
                return
            case Ending.HOPELESS:
                raise outcome.problem or HubError(refusal)
            case Ending.EXPIRED:
                self._location = None
            case Ending.NO_RANGES | Ending.CHANGED:
                self._start_over(outcome.ending)
                self._fall_back(refusal, outcome.wait_s)
                self._waiting_note = ""  # that it starts over says more
                return
            case Ending.BROKEN:
                self._is_ranged = True
        self._fall_back(refusal, outcome.wait_s)

    def _start_over(self, ending: Ending) -> None:
        """Ask for the whole file, in one piece, as parts of it cannot be trusted to fit."""
        self._recall()
        self._is_ranged = False
        self._etag = ""
        if self._live.file.done_bytes:
            self._live = self._live.started_over()
            reason = "The file changed on its server"
            if ending is Ending.NO_RANGES:
                reason = "The server cannot go on in the middle of a file"
            self._lasting_note = f"{reason}, so it starts over."

    def _fall_back(self, refusal: HubRefusal, wait_s: float | None) -> None:
        """Try again after a pause, or with the connections that still work."""
        pause_s = self._setbacks.pause_s(refusal, wait_s, self._live.file.done_bytes)
        self._width.narrow(len(self._streams), pause_s)
        if self._streams:
            return
        self._is_flowing = False
        self._not_before_s = time.monotonic() + pause_s
        self._waiting_note = f"{refusal.problem.title}. Trying again"
        self._waiting_note += f" in {pause_s:.0f} s." if pause_s >= 1 else "."

    def _recall(self) -> None:
        """End all connections."""
        for stream in self._streams:
            stream.stop()
        for stream in self._streams:
            stream.wait(_END_WAIT_S)
            self._ended_bytes += stream.fetched_bytes
        self._streams.clear()


class _Width:
    """How many connections are of use: twice as many each time that those there are slow.

    Where one brings as much as this process can take, more of them are in each other's way.
    """

    def __init__(self, terms: Terms) -> None:
        self.count = 1
        self.is_enough = terms.streams == 1
        self._terms = terms
        self._since_s = 0.0
        self._from_bytes = 0

    def adjust(self, streams: list[Stream], fetched_bytes: int) -> None:
        """Look at the speed of the last moments."""
        now_s = time.monotonic()
        if len(streams) < self.count or not all(stream.has_begun for stream in streams):
            self._since_s, self._from_bytes = max(self._since_s, now_s), fetched_bytes
            return
        passed_s = now_s - self._since_s
        if passed_s < self._terms.widen_s:
            return
        speed = (fetched_bytes - self._from_bytes) / passed_s
        is_fast = speed >= self._terms.enough_bytes_per_s
        self.is_enough = self.count == 1 and (is_fast or self._terms.streams == 1)
        if not is_fast:
            self.count = min(2 * self.count, self._terms.streams)
        self._since_s, self._from_bytes = now_s, fetched_bytes

    def narrow(self, working: int, pause_s: float) -> None:
        """Be content, for a time, with the connections that work."""
        self.count = max(1, working)
        self._since_s = time.monotonic() + max(pause_s, self._terms.patience.first_pause_s)
