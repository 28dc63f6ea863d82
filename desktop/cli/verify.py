"""``heft verify``: compare models with the SHA-256 that they should have."""

import json
import sys

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import Library, open_library
from desktop.core.errors import AppError, Problem
from desktop.core.library import Integrity, Verification
from desktop.core.local_model import LocalModel
from desktop.storage.model_hash import hash_model
from desktop.storage.paths import Paths

FAILED_STATUS = 1


@click.command("verify")
@data_dir_option
@click.argument("models", metavar="[MODEL]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.pass_context
def command(context: click.Context, models: tuple[str, ...], *, as_json: bool) -> int:
    """Compare models, or all of them, with the SHA-256 that their source or an earlier check gave.

    The exit status is 1 if one of them has changed, is damaged or cannot be read.
    """
    with open_library(Paths.default(chosen_data_dir(context))) as library:
        chosen = [library.installed(name) for name in models] or library.models
        outcomes = [(model, _check(library, model)) for model in chosen]
    if as_json:
        click.echo(json.dumps([_as_object(*outcome) for outcome in outcomes], indent=2))
    else:
        for _, outcome in outcomes:
            click.echo(outcome.sentence())
    return FAILED_STATUS if any(not _is_good(outcome) for _, outcome in outcomes) else 0


def _check(library: Library, model: LocalModel) -> Verification | Problem:
    bar = Progress(
        TextColumn(f"Checking {model.name}", markup=False),
        BarColumn(),
        DownloadColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("", total=None)

        def show(done_bytes: int, total_bytes: int) -> None:
            bar.update(task, completed=done_bytes, total=total_bytes)

        try:
            sha256 = hash_model(model.path, show, _never)
        except AppError as error:
            return error.problem
    return library.store.record_verification(model, sha256)


def _never() -> bool:
    return False


def _is_good(outcome: Verification | Problem) -> bool:
    return isinstance(outcome, Verification) and outcome.integrity is not Integrity.CHANGED


def _as_object(model: LocalModel, outcome: Verification | Problem) -> dict[str, object]:
    file: dict[str, object] = {"name": model.name, "file": str(model.path)}
    if isinstance(outcome, Problem):
        return file | {"integrity": None, "sha256": None, "problem": outcome.sentence()}
    integrity, sha256 = outcome.integrity.value, list(outcome.sha256)
    return file | {"integrity": integrity, "sha256": sha256, "problem": None}
