"""The option that moves everything, for the program and each of its commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_META_KEY = "desktop.data_dir"
_Decorated = TypeVar("_Decorated", bound=Callable[..., Any])


def data_dir_option(command: _Decorated) -> _Decorated:
    """Give a command the option ``--data-dir``, to be asked for with `chosen_data_dir`."""
    return click.option(
        "--data-dir",
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_keep,
        expose_value=False,
        help="Keep everything below this folder (or set HEFT_DATA_DIR).",
    )(command)


def chosen_data_dir(context: click.Context) -> Path | None:
    """Return the folder given to the command, else to the program; None if none was."""
    folder: Path | None = context.meta.get(_META_KEY)
    return folder


def _keep(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.meta[_META_KEY] = value
