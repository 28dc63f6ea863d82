"""Fetching a model from the Hub: whole and right, or not at all."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.gguf_header import GgufError, read_listing
from desktop.core.hub_model import HubFile, HubPart
from desktop.core.model_problem import START_BYTES, problem_of_error, problem_of_start
from desktop.hub.http import open_client
from desktop.hub.live_part import LivePart
from desktop.hub.part_file import PartFile
from desktop.hub.part_transfer import PartTransfer
from desktop.hub.progress_log import Promise
from desktop.hub.terms import Terms
from desktop.hub.transfer_outcome import Fetched, Progress
from desktop.hub.transfer_problem import disk_failed
from desktop.hub.watch import Watch
from desktop.storage.download_place import DownloadPlace

_TERMS = Terms()


def fetch(
    file: HubFile,
    folder: Path,
    *,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    terms: Terms = _TERMS,
) -> Fetched:
    """Fetch a model, or go on where an earlier process stopped, and publish it when it is right.

    Args:
        file: What to fetch. Its sizes and sums are what it must turn out to be.
        folder: The models folder; the files are published in a folder of their repository in it.
        on_progress: Called at most four times a second, and when the state changes.
        should_stop: Asked ten times a second.
        terms: How patient it is and how it divides its work.

    Raises:
        StoppedError: It was told to stop; what has come is kept.
        HubError: The Hub, the network or the space on the disk do not let it end.
        AppError: The disk failed, or the file is not what it must be.
    """
    place = DownloadPlace(folder, file)
    missing = [part for part in file.parts if not place.is_published(part)]
    with ExitStack() as cleanup:
        opened = {part: _open_part(place, file, part, cleanup) for part in missing}
        watch = Watch(place.folder, terms, on_progress, should_stop)
        if opened:
            left_bytes = sum(part.promise.size_bytes - part.done_bytes for part in opened.values())
            watch.require_space(left_bytes)
            there_bytes = file.size_bytes - sum(part.size_bytes for part in missing)
            watch.settle(done_bytes=there_bytes, fetched_bytes=0)
            verified = _fetch_parts(file, opened, terms, watch, cleanup)
            _publish(place, verified)
    for part in file.parts:
        _require_gguf(place.target(part))
    return Fetched(place.target(file.parts[0]), watch.fetched_bytes)


def _open_part(place: DownloadPlace, file: HubFile, part: HubPart, cleanup: ExitStack) -> PartFile:
    promise = Promise(file.repo, part.path, part.size_bytes, part.sha256)
    opened = PartFile(place.unfinished(part), promise)
    cleanup.callback(opened.close)
    return opened


def _fetch_parts(
    file: HubFile,
    opened: Mapping[HubPart, PartFile],
    terms: Terms,
    watch: Watch,
    cleanup: ExitStack,
) -> dict[HubPart, PartFile]:
    """Fetch one part after the other; returns them verified and open, so that they stay ours."""
    client = cleanup.enter_context(open_client())
    verified = {}
    for part, part_file in opened.items():
        fetched_bytes = 0
        verified[part] = part_file
        if not part_file.is_verified:
            live = LivePart(part_file, terms.sync_s)
            transfer = PartTransfer(client, live, file.revision, terms, watch)
            verified[part] = transfer.run(cleanup)
            fetched_bytes = transfer.fetched_bytes
        watch.settle(done_bytes=part.size_bytes, fetched_bytes=fetched_bytes)
    return verified


def _publish(place: DownloadPlace, verified: Mapping[HubPart, PartFile]) -> None:
    """Give all parts their names; the model is not seen before the last of them is there."""
    for part, part_file in verified.items():
        target = place.target(part)
        try:
            place.note_source(part)
        except OSError as error:
            raise disk_failed(error, str(target.parent)) from error
        part_file.publish(target)


def _require_gguf(target: Path) -> None:
    """Look at the start of a file, which is right by its sum but may not be a model at all."""
    try:
        with target.open("rb") as stream:
            problem = problem_of_start(stream.read(START_BYTES), target.name)
            if problem is None:
                stream.seek(0)
                read_listing(stream)
    except GgufError as error:
        problem = problem_of_error(error, target.name)
    except OSError as error:
        raise disk_failed(error, str(target.parent)) from error
    if problem is not None:
        raise AppError(
            "The downloaded file cannot be used", f"{problem.title}. {problem.detail}", ""
        )
