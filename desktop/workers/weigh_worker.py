"""A throw-away process that weighs and test-drives models nobody has downloaded yet.

What a header says is not to be trusted, and llama.cpp trusts it: a crash ends this process only.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.hub_model import HubFile
from desktop.core.local_model import ModelFacts
from desktop.core.model_facts import facts_from_header
from desktop.core.model_problem import problem_of_data, problem_of_kind
from desktop.core.weighing import KvType, ModelSource, Weighing, estimate_weighing
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.dry_run import DryRun
from desktop.engine.model import LoadCancelledError
from desktop.engine.session import DecodeAbortedError
from desktop.engine.test_drive import Route, drive, refuse_if_too_heavy
from desktop.engine.twin import TwinPart, delete_orphans, weightless_twin
from desktop.hub.fault import HubError
from desktop.hub.remote_header import RemoteModel, read_remote_model
from desktop.storage.model_file import inspect_file
from desktop.storage.paths import Paths
from desktop.wire.hub_messages import HubRefused
from desktop.wire.messages import Request
from desktop.wire.weigh_messages import (
    DriveCancelled,
    DriveFinished,
    DriveModel,
    DriveProgress,
    Weighed,
    WeighModel,
)
from desktop.workers.runtime import Send, run_worker

PROGRESS_STEP = 0.02
_FOLDER = "twins"
_NO_BACKTRACE = "GGML_NO_BACKTRACE"


@dataclass(frozen=True, slots=True)
class _Subject:
    """A model whose header was read.

    Attributes:
        asked: As it was asked for.
        source: With what was found out of it.
        remote: None for a file of this machine.
    """

    asked: ModelSource
    source: ModelSource
    facts: ModelFacts
    remote: RemoteModel | None


class WeighRole:
    """Carries out requests about one model, and another one only after it was asked for it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._abort = AbortFlag()
        self._folder = Paths.default().cache / _FOLDER
        self._subject: _Subject | None = None
        self._dry_run: DryRun | None = None
        self._reported = (0, "")
        delete_orphans(self._folder)

    def handle(self, request: Request) -> None:
        """Carry out one request."""
        try:
            match request:
                case WeighModel(source=source, kv_type=kv_type):
                    self._weigh(source, kv_type)
                case DriveModel(source=source):
                    self._drive(source)
                case _:
                    raise ValueError(f"not for weighing: {type(request).__name__}")
        except HubError as error:
            self._send(HubRefused(error.refusal))

    def cancel(self) -> None:
        """Give up the test drive under way."""
        self._abort.set()

    def forget_cancel(self) -> None:
        """Take back a cancel that came too late."""
        self._abort.clear()

    def _weigh(self, source: ModelSource, kv_type: KvType) -> None:
        subject = self._read(source)
        self._send(Weighed(source, _counted(estimate_weighing(subject.facts, kv_type), subject)))
        weighing = self._run_dry(subject).weigh(kv_type)
        self._send(Weighed(source, _counted(weighing, subject)))

    def _drive(self, source: ModelSource) -> None:
        subject = self._read(source)
        refuse_if_too_heavy(self._run_dry(subject).weigh(KvType.F16))
        try:
            with self._route(subject) as route:
                finished = drive(route, subject.facts, self._abort, self._report)
        except (LoadCancelledError, DecodeAbortedError):
            self._send(DriveCancelled())
        else:
            self._send(DriveFinished(subject.source, finished))

    def _read(self, source: ModelSource) -> _Subject:
        if self._subject is not None and source == self._subject.asked:
            return self._subject
        if self._dry_run is not None:
            self._dry_run.close()
            self._dry_run = None
        self._subject = _read_local(source) if source.file is None else _read_remote(source.file)
        return self._subject

    def _run_dry(self, subject: _Subject) -> DryRun:
        if self._dry_run is None:
            with self._route(subject) as route:
                self._dry_run = DryRun(route.path, subject.source.name, subject.facts)
        return self._dry_run

    @contextmanager
    def _route(self, subject: _Subject) -> Iterator[Route]:
        """Give the file itself, or a twin of one that is elsewhere."""
        if subject.remote is None:
            yield Route(Path(subject.source.path))
            return
        parts = [
            TwinPart(header.content, header.part.size_bytes) for header in subject.remote.headers
        ]
        with weightless_twin(parts, self._folder) as twin:
            yield Route(twin.path, twin.disk_bytes)

    def _report(self, fraction: float, stage: str) -> None:
        # Once a tensor would be hundreds of times.
        step = (int(fraction / PROGRESS_STEP), stage)
        if step != self._reported:
            self._reported = step
            self._send(DriveProgress(fraction, stage))


def _read_local(source: ModelSource) -> _Subject:
    facts, problem = inspect_file(Path(source.path))
    if facts is None:
        raise AppError.from_problem(problem) if problem is not None else ValueError(source.path)
    return _Subject(source, source, facts, None)


def _read_remote(file: HubFile) -> _Subject:
    remote = read_remote_model(file)
    headers = [header.header for header in remote.headers]
    whole = replace(headers[0], tensors=tuple(item for one in headers for item in one.tensors))
    problems = [
        problem_of_data(one.header, one.part.size_bytes, file.file_name) for one in remote.headers
    ]
    problem = problem_of_kind(whole) or next(filter(None, problems), None)
    if problem is not None:
        raise AppError.from_problem(problem)
    facts = facts_from_header(whole, remote.file.size_bytes)
    return _Subject(ModelSource(file=file), ModelSource(file=remote.file), facts, remote)


def _counted(weighing: Weighing, subject: _Subject) -> Weighing:
    """Add what came over the network."""
    if subject.remote is None:
        return weighing
    return replace(
        weighing,
        header_bytes_fetched=subject.remote.fetched_bytes,
        requests=subject.remote.requests,
    )


def main() -> None:
    """Run the process."""
    # When llama.cpp gives up it would call for a debugger first, which takes its time.
    os.environ.setdefault(_NO_BACKTRACE, "1")
    run_worker(WeighRole)
