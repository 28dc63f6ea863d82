"""``heft search``: models on the Hub, or the files of one of its repositories."""

import json
import sys
from importlib import import_module

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.hub_settings import apply_hub_environment
from desktop.core.hub_address import parse_hub_address
from desktop.core.hub_model import (
    HubFile,
    HubPage,
    HubQuery,
    HubRepository,
    HubSort,
    HubSummary,
)
from desktop.core.model_class import ClassVerdict, classify
from desktop.core.text_format import (
    NOT_AVAILABLE,
    format_bytes,
    format_count,
    format_parameters,
)
from desktop.storage.paths import Paths

_SORTS = {sort.name.lower(): sort for sort in HubSort}
_PIPED_WIDTH = 200
"""Columns of a table that no person looks at."""


@click.command("search")
@data_dir_option
@click.argument("words", nargs=-1)
@click.option("--sort", type=click.Choice(list(_SORTS)), default="downloads", show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    context: click.Context, *, words: tuple[str, ...], sort: str, limit: int, as_json: bool
) -> None:
    """Search the Hugging Face Hub for models in the GGUF format.

    WORDS may be the name of a repository, as owner/name, or its address: then its files are listed.
    """
    apply_hub_environment(Paths.default(chosen_data_dir(context)))
    query = HubQuery(" ".join(words), _SORTS[sort])
    models = _search(query, limit)
    address = parse_hub_address(query.words)
    if address is not None and [model.repo for model in models] == [address.repo]:
        repository: HubRepository = import_module("desktop.hub.api").open_repository(address.repo)
        _show_repository(repository, as_json=as_json)
    else:
        _show_models(models, as_json=as_json)


def _search(query: HubQuery, limit: int) -> tuple[HubSummary, ...]:
    """Read as many pages as it takes."""
    hub = import_module("desktop.hub.api")  # which reads the environment
    page: HubPage = hub.search(query)
    models = page.models
    while page.next_cursor and len(models) < limit:
        page = hub.search(HubQuery(query.words, query.sort, cursor=page.next_cursor))
        models += page.models
    return models[:limit]


def _show_models(models: tuple[HubSummary, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_model_object(model) for model in models], indent=2))
        return
    if not models:
        click.echo("The Hub has no such model in the GGUF format.")
        return
    table = _table("Repository", "Parameters", "Class", "Licence", "Downloads")
    for model in models:
        verdict = _verdict(model)
        _add_row(
            table,
            model.repo,
            format_parameters(model.parameters or 0) or NOT_AVAILABLE,
            verdict.model_class.word if verdict else NOT_AVAILABLE,
            _licence(model),
            format_count(model.downloads),
        )
    _print(table)


def _show_repository(repository: HubRepository, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_repository_object(repository), indent=2))
        return
    summary = repository.summary
    click.echo(f"{summary.repo}, licence: {_licence(summary)}")
    if repository.description:
        click.echo(repository.description)
    table = _table("File", "Quantisation", "Bits per weight", "Size")
    for file in repository.files:
        _add_row(table, file.path, *_file_cells(file))
    for file in repository.projectors:
        _add_row(table, f"{file.path} (vision projector)", *_file_cells(file))
    _print(table)
    if repository.files:
        click.echo(f"Download one with: heft pull {summary.repo}/FILE")


def _file_cells(file: HubFile) -> tuple[str, str, str]:
    bits = file.bits_per_weight
    parts = f" in {len(file.parts)} parts" if len(file.parts) > 1 else ""
    return (
        file.quantization or NOT_AVAILABLE,
        NOT_AVAILABLE if bits is None else f"{bits:.1f}",
        format_bytes(file.size_bytes) + parts,
    )


def _licence(model: HubSummary) -> str:
    return (model.license or "not stated") + (", to be accepted first" if model.is_gated else "")


def _verdict(model: HubSummary) -> ClassVerdict | None:
    return classify(model.parameters or 0, model.name)


def _model_object(model: HubSummary) -> dict[str, object]:
    verdict = _verdict(model)
    return {
        "repo": model.repo,
        "parameters": model.parameters,
        "class": verdict.model_class.value if verdict else None,
        "class_reason": verdict.reason if verdict else None,
        "license": model.license or None,
        "is_gated": model.is_gated,
        "downloads": model.downloads,
        "likes": model.likes,
        "updated_at": model.updated_at or None,
        "architecture": model.architecture or None,
        "context_limit_tokens": model.context_limit_tokens or None,
        "languages": list(model.languages),
    }


def _repository_object(repository: HubRepository) -> dict[str, object]:
    return _model_object(repository.summary) | {
        "revision": repository.revision,
        "base_models": list(repository.base_models),
        "description": repository.description or None,
        "files": [_file_object(file) for file in repository.files],
        "projectors": [_file_object(file) for file in repository.projectors],
    }


def _file_object(file: HubFile) -> dict[str, object]:
    return {
        "path": file.path,
        "quantization": file.quantization or None,
        "bits_per_weight": file.bits_per_weight,
        "size_bytes": file.size_bytes,
        "parts": [
            {"path": part.path, "size_bytes": part.size_bytes, "sha256": part.sha256}
            for part in file.parts
        ],
    }


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(heading, no_wrap=True)
    return table


def _add_row(table: Table, *cells: str) -> None:
    """Add what others wrote as plain text, whatever marks are in it."""
    table.add_row(*map(Text, cells))


def _print(table: Table) -> None:
    Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH, highlight=False).print(table)
