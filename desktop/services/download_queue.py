"""The downloads: which are at work, which wait, and what became of the others."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.errors import AppError, Problem
from desktop.core.hub_model import HubFault, HubFile
from desktop.services.download_run import DownloadRun, RunEnd, RunProgress
from desktop.storage.download_place import DownloadPlace
from desktop.storage.download_store import DownloadStore

MAXIMUM_ACTIVE = 3


class DownloadQueue(QObject):
    """Runs up to three downloads at a time, each in a process of its own, in the order of the list.

    What is changed while a process is at work on it waits until that is gone.

    Signals:
        entries_changed: All downloads in their order. tuple[DownloadEntry, ...].
        finished: A model is complete, verified and published. DownloadEntry.
        failed: A download failed; it stays on the list. DownloadEntry.
        problem_raised: The list could not be read or saved, or a part not deleted. Problem.
    """

    entries_changed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    problem_raised = Signal(object)

    def __init__(
        self,
        store: DownloadStore,
        folder: Callable[[], Path],
        variables: Callable[[], Mapping[str, str]],
        parent: QObject | None = None,
    ) -> None:
        """Take a list that `start` will read.

        Args:
            store: The list.
            folder: Tells the models folder when a download starts.
            variables: Tells the environment of the processes, from core.hub_environment.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._store = store
        self._folder = folder
        self._variables = variables
        self._entries: dict[int, DownloadEntry] = {}
        self._runs: dict[int, DownloadRun] = {}
        self._doomed: set[int] = set()

    @property
    def entries(self) -> tuple[DownloadEntry, ...]:
        """All downloads in their order."""
        return tuple(self._entries.values())

    @Slot()
    def start(self) -> None:
        """Read the list, and go on with what was under way when the app ended."""
        try:
            entries, problem = self._store.entries()
        except AppError as error:
            self.problem_raised.emit(error.problem)
            return
        if problem is not None:
            self.problem_raised.emit(problem)
        self._entries = {entry.id: entry for entry in entries}
        self._go_on()

    @Slot(object)
    def add(self, file: HubFile) -> None:
        """Fetch a model; one that is on the list already goes on, or is fetched again."""
        known = [entry for entry in self.entries if _is_same(entry.file, file)]
        if known:
            self._requeue(known[0].id)
            return
        try:
            entry = self._store.add(file)
        except AppError as error:
            self.problem_raised.emit(error.problem)
            return
        self._entries[entry.id] = entry
        self._go_on()

    @Slot(object)
    def pause(self, entry_id: int) -> None:
        """Stop for a while; what has come is kept."""
        entry = self._entries.get(entry_id)
        if entry is None or not (entry.state.is_active or entry.state is DownloadState.QUEUED):
            return
        self._change(entry, DownloadState.PAUSED)
        if entry_id in self._runs:
            self._runs[entry_id].stop()
        self._go_on()

    @Slot(object)
    def resume(self, entry_id: int) -> None:
        """Go on with what was paused."""
        self._requeue(entry_id)

    @Slot(object)
    def retry(self, entry_id: int) -> None:
        """Go on with what failed; what has come is used."""
        self._requeue(entry_id)

    @Slot()
    def retry_gated(self) -> None:
        """Go on with what the Hub refused because its licence had not been accepted."""
        for entry in self.entries:
            if entry.fault is HubFault.GATED:
                self._requeue(entry.id)

    @Slot(object)
    def cancel(self, entry_id: int) -> None:
        """Take a download off the list, and delete what has come of it."""
        entry = self._entries.get(entry_id)
        if entry is None:
            return
        if entry.state is DownloadState.DONE:
            self.remove(entry_id)
        elif entry_id in self._runs:
            self._doomed.add(entry_id)
            self._change(entry, DownloadState.PAUSED)
            self._runs[entry_id].stop()
            self._publish()
        else:
            self._discard(entry)
            self._go_on()

    @Slot(object)
    def remove(self, entry_id: int) -> None:
        """Take a finished download off the list; the model stays."""
        entry = self._entries.get(entry_id)
        if entry is not None and entry.state is DownloadState.DONE:
            self._forget(entry)
            self._publish()

    @Slot(object)
    def move_up(self, entry_id: int) -> None:
        """Put a download one place further to the front."""
        self._move(entry_id, -1)

    @Slot(object)
    def move_down(self, entry_id: int) -> None:
        """Put a download one place further to the end."""
        self._move(entry_id, 1)

    def shut_down(self) -> None:
        """End all processes; what was under way goes on at the next `start`."""
        for run in self._runs.values():
            run.shut_down()
            run.deleteLater()
        self._runs.clear()
        for entry in self.entries:
            if entry.id in self._doomed:
                self._discard(entry)
            elif entry.state.is_active:
                self._save(entry)
        self._entries.clear()

    @Slot(object)
    def _on_run_progressed(self, progress: RunProgress) -> None:
        entry = self._entries[progress.entry_id]
        if not entry.state.is_active:  # it was told to stop, and is on its way
            return
        self._entries[entry.id] = replace(
            entry,
            state=progress.state,
            done_bytes=progress.done_bytes,
            bytes_per_s=progress.bytes_per_s,
            remaining_s=progress.remaining_s,
            note=progress.note,
        )
        self._publish()

    @Slot(object)
    def _on_run_ended(self, end: RunEnd) -> None:
        self._runs.pop(end.entry_id).deleteLater()
        entry = replace(self._entries[end.entry_id], done_bytes=end.done_bytes)
        if end.path is not None:
            self._doomed.discard(entry.id)
            self._finish(entry, end.path)
        elif entry.id in self._doomed:
            self._discard(entry)
        elif not entry.state.is_active:
            self._change(entry, entry.state)
        elif end.problem is None and end.fetched_bytes > 0:
            # It died, but not before it got somewhere: so it may the next time.
            self._change(entry, DownloadState.QUEUED)
        else:
            self._fail(entry, end)
        self._go_on()

    def _finish(self, entry: DownloadEntry, path: Path) -> None:
        whole = replace(entry, done_bytes=entry.file.size_bytes, path=path)
        self.finished.emit(self._change(whole, DownloadState.DONE))

    def _fail(self, entry: DownloadEntry, end: RunEnd) -> None:
        failed = replace(entry, problem=end.problem or _died(end.log), fault=end.fault)
        self.failed.emit(self._change(failed, DownloadState.FAILED))

    def _requeue(self, entry_id: int) -> None:
        entry = self._entries.get(entry_id)
        is_resting = entry is not None and not entry.state.is_active
        if entry is not None and is_resting and entry_id not in self._doomed:
            self._change(entry, DownloadState.QUEUED)
            self._go_on()

    def _go_on(self) -> None:
        """Start what can be started, and tell of the list."""
        for entry in self.entries:
            is_free = len(self._runs) < MAXIMUM_ACTIVE and entry.id not in self._runs
            if is_free and entry.state is DownloadState.QUEUED:
                self._run(entry)
        self._publish()

    def _run(self, entry: DownloadEntry) -> None:
        run = DownloadRun(entry, self._folder(), self._variables(), self)
        run.progressed.connect(self._on_run_progressed)
        run.ended.connect(self._on_run_ended)
        self._runs[entry.id] = run
        self._change(entry, DownloadState.CONNECTING)
        run.start()

    def _change(self, entry: DownloadEntry, state: DownloadState) -> DownloadEntry:
        changed = replace(entry, state=state, bytes_per_s=None, remaining_s=None, note="")
        if state is not DownloadState.FAILED:
            changed = replace(changed, problem=None, fault=None)
        self._entries[entry.id] = changed
        self._save(changed)
        return changed

    def _save(self, entry: DownloadEntry) -> None:
        try:
            self._store.save(entry)
        except AppError as error:
            self.problem_raised.emit(error.problem)

    def _discard(self, entry: DownloadEntry) -> None:
        self._doomed.discard(entry.id)
        try:
            DownloadPlace(self._folder(), entry.file).discard()
        except AppError:
            pass  # a name that was refused: nothing was ever written
        except OSError as error:
            self.problem_raised.emit(_not_deleted(entry, error))
        self._forget(entry)

    def _forget(self, entry: DownloadEntry) -> None:
        del self._entries[entry.id]
        try:
            self._store.remove(entry.id)
        except AppError as error:
            self.problem_raised.emit(error.problem)

    def _move(self, entry_id: int, step: int) -> None:
        order = list(self._entries)
        if entry_id not in order:
            return
        at = order.index(entry_id)
        other = at + step
        if not 0 <= other < len(order):
            return
        order[at], order[other] = order[other], order[at]
        self._entries = {one: self._entries[one] for one in order}
        try:
            self._store.save_order(order)
        except AppError as error:
            self.problem_raised.emit(error.problem)
        self._publish()

    def _publish(self) -> None:
        self.entries_changed.emit(
            tuple(entry for entry in self.entries if entry.id not in self._doomed)
        )


def _is_same(one: HubFile, other: HubFile) -> bool:
    return (one.repo, one.parts) == (other.repo, other.parts)


def _died(log: tuple[str, ...]) -> Problem:
    return Problem(
        "The download stopped",
        "Its process ended before anything had come. What came earlier is kept.",
        "Try again. If it happens again, close other programs first.",
        log,
    )


def _not_deleted(entry: DownloadEntry, error: OSError) -> Problem:
    return Problem(
        "The rest of a download could not be deleted",
        f"The system refused to delete what came of {entry.name}: {error.strerror or error}.",
        "Delete the files that end in .part from the models folder.",
    )
