"""``heft add``: use model files where they are."""

from pathlib import Path

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import open_library
from desktop.core.errors import AppError
from desktop.core.text_format import format_bytes
from desktop.storage.foreign_models import search_folder
from desktop.storage.paths import Paths


@click.command("add")
@data_dir_option
@click.argument("file", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, file: Path) -> None:
    """Use the model FILE, or all models below FOLDER, where they are, without copying them."""
    with open_library(Paths.default(chosen_data_dir(context))) as library:
        for path in _models_of(file):
            model = library.store.add_file(path)
            click.echo(f"Added {model.name} ({format_bytes(model.file_bytes)}).")


def _models_of(file: Path) -> tuple[Path, ...]:
    if not file.is_dir():
        return (file,)
    found, is_whole = search_folder(file)
    if not found:
        raise AppError(
            "There is no model in this folder",
            f"Below {file} lies no GGUF file that can chat.",
            "Name another folder, or a file.",
        )
    if not is_whole:
        click.echo("The folder is too large to be searched to the end.", err=True)
    return found
