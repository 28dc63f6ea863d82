"""The command line as a whole: options of the window, subcommands, and how errors end it."""

import sys
from importlib import import_module
from pathlib import Path

import click

from desktop import __version__
from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.core.errors import AppError
from desktop.core.window_options import WindowOptions

INTERRUPTED_STATUS = 130

_COMMANDS = {
    "chat": "Talk to a model in the terminal.",
    "list": "List the installed models, with their memory and speed here.",
    "search": "Find models on the Hugging Face Hub.",
    "weigh": "Tell exactly what memory a model takes, before it is downloaded.",
    "test-drive": "Measure how fast a model would be here, before it is downloaded.",
    "pull": "Download a model; goes on where it was interrupted.",
    "add": "Use a model file where it is, without copying it.",
    "verify": "Check that models are intact.",
    "remove": "Move a model to the trash, or bring it back.",
    "access": "Show, keep or forget your access token for the Hub.",
    "doctor": "Show what this machine has.",
}


class _Program(click.Group):
    """Imports a subcommand when it is called; any other word is a file for the window."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_module_of(cmd_name)).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _COMMANDS:
            return super().resolve_command(ctx, args)
        return "window", _window, args

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _module_of(command: str) -> str:
    return f"desktop.cli.{command.replace('-', '_')}"


@click.group(
    cls=_Program,
    name="heft",
    invoke_without_command=True,
    subcommand_metavar="[FILES... | COMMAND]",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@data_dir_option
@click.option("--model", metavar="M", help="Model to load: its name, file name or path.")
@click.version_option(__version__, prog_name="Heft", message="%(prog)s %(version)s")
@click.pass_context
def _program(context: click.Context, model: str | None) -> WindowOptions | None:
    """Chat with language models on your own machine, and see what each one weighs.

    Without a command the window opens; FILES are models to use in it.
    """
    if context.invoked_subcommand not in {None, "window"} and model is not None:
        raise click.UsageError("--model comes after the command, as in: heft chat --model M")
    return WindowOptions(chosen_data_dir(context), model, ())


@click.command(hidden=True)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def _window(context: click.Context, files: tuple[Path, ...]) -> WindowOptions:
    """Open the window with files."""
    for file in files:
        if not file.exists():
            words = f"{file} is neither a command nor a file."
            raise click.UsageError(words, context.parent)
    model = context.parent.params["model"] if context.parent else None
    # Another process, in another folder, may be the one that opens them.
    absolute = tuple(file.absolute() for file in files)
    return WindowOptions(chosen_data_dir(context), model, absolute)


def run(arguments: list[str]) -> WindowOptions | int:
    """Carry out a command and return its exit status, or return what window to open."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that lacks a letter shall not end an answer.
            stream.reconfigure(errors="replace")
    try:
        outcome = _program.main(arguments, prog_name="heft", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED_STATUS
    except AppError as error:
        click.echo(f"Error: {error}", err=True)
        return 1
    return outcome if isinstance(outcome, WindowOptions | int) else 0
