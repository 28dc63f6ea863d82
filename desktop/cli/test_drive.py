"""``heft test-drive``: how fast a model is on this machine, before it is downloaded."""

import json
import sys
from dataclasses import asdict

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import open_library
from desktop.cli.weigh_process import ask, source_of
from desktop.core.errors import AppError
from desktop.core.text_format import (
    format_count,
    format_memory,
    format_seconds,
    format_speed,
)
from desktop.core.weighing import TestDrive, drive_key
from desktop.storage.paths import Paths
from desktop.wire.weigh_messages import DriveFinished, DriveModel, DriveProgress


@click.command("test-drive")
@data_dir_option
@click.argument("model", metavar="FILE|OWNER/NAME/FILE")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def command(context: click.Context, *, model: str, as_json: bool) -> None:
    """Take a model for a test drive of some seconds.

    MODEL is a file, or one on the Hugging Face Hub. Of that only the header is fetched, and a twin
    without weights runs in its place.
    """
    paths = Paths.default(chosen_data_dir(context))
    finished = _drive(DriveModel(source_of(model, paths)), paths)
    with open_library(paths) as library:
        library.store.save_test_drive(drive_key(finished.source), finished.test_drive)
    if as_json:
        click.echo(json.dumps(asdict(finished.test_drive), indent=2))
    else:
        click.echo(_as_text(finished.test_drive))


def _drive(request: DriveModel, paths: Paths) -> DriveFinished:
    with click.progressbar(length=100, label="Test drive", file=sys.stderr) as bar:
        for event in ask(request, paths):
            match event:
                case DriveProgress(fraction=fraction):
                    bar.update(round(100 * fraction) - bar.pos)
                case DriveFinished():
                    bar.update(100 - bar.pos)
                    return event
                case _:
                    continue
    raise AppError("The test drive was broken off", "No answer came.", "Try again.")


def _as_text(test_drive: TestDrive) -> str:
    rows = {"Prompt": format_speed(test_drive.prompt_tokens_per_s)}
    for speed in test_drive.decode:
        rows[f"Answer after {format_count(speed.depth_tokens)} tokens"] = format_speed(
            speed.tokens_per_s
        )
    context = format_count(test_drive.context_tokens)
    rows["Memory"] = (
        f"{format_memory(test_drive.resident_bytes)} with a context of {context} tokens"
    )
    rows["Where"] = f"{test_drive.device}, {test_drive.threads} threads"
    rows["It took"] = format_seconds(test_drive.elapsed_s)
    width = max(map(len, rows)) + 2
    lines = [f"{name:<{width}}{text}" for name, text in rows.items()]
    if test_drive.unknowns:
        lines += ["", "A test drive cannot know:", *(f"- {one}" for one in test_drive.unknowns)]
    return "\n".join(lines)
