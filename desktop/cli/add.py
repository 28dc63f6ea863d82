"""``heft add``: use a model file where it is."""

from pathlib import Path

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import open_library
from desktop.core.text_format import format_bytes
from desktop.storage.paths import Paths


@click.command("add")
@data_dir_option
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, file: Path) -> None:
    """Use the model FILE where it is, without copying it."""
    with open_library(Paths.default(chosen_data_dir(context))) as library:
        model = library.store.add_file(file)
    click.echo(f"Added {model.name} ({format_bytes(model.file_bytes)}).")
