"""``heft remove``: take a model off the list, or bring back the last one."""

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import Library, open_library
from desktop.core.text_format import format_bytes
from desktop.storage.model_removal import (
    empty_trash,
    forget_unrestorable,
    remove_model,
    restore_last,
)
from desktop.storage.paths import Paths


@click.command("remove")
@data_dir_option
@click.argument("model", required=False)
@click.option("--undo", is_flag=True, help="Bring back the model that was removed last.")
@click.option("--empty-trash", "empties", is_flag=True, help="Delete all removed models for good.")
@click.pass_context
def command(context: click.Context, model: str | None, *, undo: bool, empties: bool) -> None:
    """Take MODEL off the list: a name, file name or path.

    A file of Heft's own folder goes to the trash, from which it is deleted after 30 days; every
    other file stays where it is.
    """
    if (model is not None) + undo + empties != 1:
        raise click.UsageError("Name one model, or --undo, or --empty-trash.")
    with open_library(Paths.default(chosen_data_dir(context))) as library:
        if model is not None:
            removed = remove_model(library.store, library.installed(model))
            click.echo(removed.sentence())
        elif undo:
            click.echo(f"Brought back {restore_last(library.store).name}.")
        else:
            click.echo(_empty(library))


def _empty(library: Library) -> str:
    freed_bytes = empty_trash(library.store.models_folder, keeps_recent=False)
    forget_unrestorable(library.store)
    return f"{format_bytes(freed_bytes)} came back."
