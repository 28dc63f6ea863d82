"""``heft list``: the installed models, with their memory and speed on this machine."""

import json
from collections.abc import Callable
from datetime import datetime

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import open_library
from desktop.core.figure import Figure, FigureKind
from desktop.core.local_model import ModelEntry
from desktop.core.text_format import (
    NOT_AVAILABLE,
    format_bytes,
    format_memory,
    format_parameters,
    format_speed,
)
from desktop.storage.paths import Paths

_HEADINGS = (
    "Name",
    "Class",
    "Parameters",
    "Quantisation",
    "File",
    "Memory",
    "Speed",
    "Last used",
    "Licence",
    "From",
    "On this machine",
)
_SIGNS = {FigureKind.ESTIMATED: "~", FigureKind.TEST_DRIVEN: "*"}


@click.command("list")
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """List the installed models, with their memory and speed on this machine.

    A figure after ~ is an estimate, one after * was test-driven; the others were measured here.
    """
    with open_library(Paths.default(chosen_data_dir(context))) as library:
        entries = library.entries()
    if as_json:
        click.echo(json.dumps([_as_object(entry) for entry in entries], indent=2))
    elif entries:
        click.echo(_as_table([_HEADINGS, *(_cells(entry) for entry in entries)]))
    else:
        click.echo("No model is installed. Add one with: heft add FILE")


def _as_object(entry: ModelEntry) -> dict[str, object]:
    model, facts, verdict = entry.model, entry.model.facts, entry.class_verdict
    return {
        "name": model.name,
        "file": str(model.path),
        "origin": model.origin.value,
        "class": verdict.model_class.value if verdict else None,
        "class_reason": verdict.reason if verdict else None,
        "parameters": facts.parameters if facts else None,
        "quantization": facts.quantization if facts else None,
        "file_bytes": model.file_bytes,
        "resident_bytes": entry.resident_bytes.value if entry.resident_bytes else None,
        "resident_bytes_kind": entry.resident_bytes.kind.value if entry.resident_bytes else None,
        "tokens_per_s": entry.tokens_per_s.value if entry.tokens_per_s else None,
        "tokens_per_s_kind": entry.tokens_per_s.kind.value if entry.tokens_per_s else None,
        "fit": entry.fit or None,
        "license": facts.license or None if facts else None,
        "last_used_at": entry.last_used_at or None,
        "verified_at": entry.verified_at or None,
        "problem": model.problem.sentence() if model.problem else None,
    }


def _cells(entry: ModelEntry) -> tuple[str, ...]:
    model, facts, verdict = entry.model, entry.model.facts, entry.class_verdict
    return (
        model.name,
        verdict.model_class.name.capitalize() if verdict else "",
        format_parameters(facts.parameters) if facts else "",
        facts.quantization if facts else "",
        format_bytes(model.file_bytes),
        _figure(entry.resident_bytes, format_memory) if facts else "",
        _figure(entry.tokens_per_s, format_speed) if facts else "",
        _day(entry.last_used_at),
        facts.license if facts else "",
        model.origin.value,
        model.problem.title if model.problem else entry.fit,
    )


def _figure(figure: Figure | None, write: Callable[[float | None], str]) -> str:
    if figure is None:
        return NOT_AVAILABLE
    return f"{_SIGNS.get(figure.kind, '')}{write(figure.value)}"


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().date().isoformat() if moment else "never"


def _as_table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
