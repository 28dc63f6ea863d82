"""``heft pull``: download a model from the Hub, or go on with a download that was broken off."""

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType

import click
from rich import progress as bars
from rich.console import Console

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.hub_settings import apply_hub_environment
from desktop.core.errors import AppError
from desktop.core.hub_address import parse_hub_address
from desktop.core.hub_model import HubFile, HubRepository
from desktop.core.text_format import format_bytes, format_seconds
from desktop.hub.transfer_outcome import Fetched, Progress, StoppedError
from desktop.storage.paths import Paths
from desktop.storage.settings_store import SettingsStore

STOPPED_STATUS = 130


@click.command("pull")
@data_dir_option
@click.argument("model", metavar="OWNER/NAME[/FILE]")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def command(context: click.Context, model: str, *, as_json: bool) -> int:
    """Download a model from the Hugging Face Hub.

    The address of its page will do as well. Without FILE, what there is is listed. What was broken
    off goes on where it stopped. Nothing is kept under its name unless its SHA-256 is right.
    """
    paths = Paths.default(chosen_data_dir(context))
    paths.create()
    apply_hub_environment(paths)
    address = parse_hub_address(model)
    if address is None:
        raise click.UsageError(f"“{model}” is neither OWNER/NAME/FILE nor an address of the Hub.")
    repository: HubRepository = import_module("desktop.hub.api").open_repository(address.repo)
    if address.revision not in {"", "main", repository.revision}:
        raise _not_the_newest(address.revision)
    if not address.path:
        _list(repository, as_json=as_json)
        return 0
    settings, _ = SettingsStore(paths.settings_file).load()
    folder = settings.models_folder or paths.models
    return _pull(_choose(repository, address.path), folder, as_json=as_json)


def _choose(repository: HubRepository, wanted: str) -> HubFile:
    """Find a file by its path, its name or its quantisation."""
    files = (*repository.files, *repository.projectors)
    exact = [file for file in files if any(part.path == wanted for part in file.parts)]
    folded = wanted.casefold()
    similar = [
        file
        for file in files
        if folded in {file.file_name.casefold(), file.quantization.casefold()}
    ]
    found = exact or similar
    if len(found) == 1:
        return found[0]
    names = ", ".join(file.path for file in found or files)
    raise AppError(
        "There is no such file" if not found else "There are several such files",
        f"{repository.summary.repo} has: {names or 'no model'}.",
        "Choose one of these.",
    )


def _list(repository: HubRepository, *, as_json: bool) -> None:
    repo = repository.summary.repo
    if as_json:
        files = [{"path": file.path, "size_bytes": file.size_bytes} for file in repository.files]
        click.echo(json.dumps({"repo": repo, "revision": repository.revision, "files": files}))
        return
    for file in repository.files:
        click.echo(f"{format_bytes(file.size_bytes):>9}  {repo}/{file.path}")
    click.echo("Download one with: heft pull OWNER/NAME/FILE")


def _pull(file: HubFile, folder: Path, *, as_json: bool) -> int:
    started_s = time.monotonic()
    bar = _Bar(file)
    try:
        with _until_interrupted() as stop, bar:
            fetched: Fetched = import_module("desktop.hub.transfer").fetch(
                file, folder, on_progress=bar.show, should_stop=stop.is_set
            )
    except StoppedError:
        done, size = format_bytes(bar.done_bytes), format_bytes(file.size_bytes)
        click.echo(f"Stopped at {done} of {size}, which is kept. Go on with:", err=True)
        click.echo(f"heft pull {file.repo}/{file.path}", err=True)
        return STOPPED_STATUS
    seconds = time.monotonic() - started_s
    if as_json:
        click.echo(json.dumps(_as_object(file, fetched, seconds), indent=2))
    elif fetched.fetched_bytes:
        took = f"{format_bytes(fetched.fetched_bytes)} in {format_seconds(seconds)}"
        click.echo(f"Downloaded and verified ({took}): {fetched.path}")
    else:
        click.echo(f"It is there already: {fetched.path}")
    return 0


def _as_object(file: HubFile, fetched: Fetched, seconds: float) -> dict[str, object]:
    return {
        "path": str(fetched.path),
        "repo": file.repo,
        "revision": file.revision,
        "size_bytes": file.size_bytes,
        "sha256": file.parts[0].sha256,
        "parts": [
            {"path": part.path, "size_bytes": part.size_bytes, "sha256": part.sha256}
            for part in file.parts
        ],
        "fetched_bytes": fetched.fetched_bytes,
        "seconds": round(seconds, 3),
    }


@contextmanager
def _until_interrupted() -> Iterator[threading.Event]:
    """Let Ctrl+C ask for a stop; a second one ends the program at once, which loses nothing."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class _Bar:
    """Shows progress on a terminal, on stderr; elsewhere only what one should know."""

    def __init__(self, file: HubFile) -> None:
        self.done_bytes = 0
        self._note = ""
        self._bar = bars.Progress(
            bars.TextColumn("{task.description}", markup=False),
            bars.BarColumn(),
            bars.DownloadColumn(),
            bars.TransferSpeedColumn(),
            bars.TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("connecting", total=file.size_bytes)

    def __enter__(self) -> None:
        self._bar.start()

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Take the latest progress."""
        self.done_bytes = progress.done_bytes
        self._bar.update(
            self._task, completed=progress.done_bytes, description=progress.state.value
        )
        if progress.note and progress.note != self._note:
            self._bar.console.print(progress.note, markup=False)
        self._note = progress.note


def _not_the_newest(revision: str) -> AppError:
    return AppError(
        "Only the newest version can be downloaded",
        f"The address asks for version {revision}.",
        "Leave the version out of the address.",
    )
