"""``heft access``: the access token for gated and private models."""

import sys
from importlib import import_module

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.hub_settings import apply_hub_environment
from desktop.core.hub_model import HubAccess
from desktop.storage.paths import Paths


@click.command("access")
@data_dir_option
@click.option("--token-stdin", "reads_token", is_flag=True, help="Keep the token given on stdin.")
@click.option("--forget", "forgets", is_flag=True, help="Delete the token that is kept.")
@click.pass_context
def command(context: click.Context, *, reads_token: bool, forgets: bool) -> None:
    """Show, keep or forget your access token for the Hugging Face Hub.

    Gated and private models need one, from https://huggingface.co/settings/tokens. It is kept in a
    file that only you can read, and sent to the Hub only.
    """
    if reads_token and forgets:
        raise click.UsageError("--token-stdin and --forget exclude each other.")
    apply_hub_environment(Paths.default(chosen_data_dir(context)))
    hub = import_module("desktop.hub.api")  # which reads the environment
    if reads_token:
        access: HubAccess = hub.save_token(sys.stdin.readline())
    else:
        access = hub.forget_token() if forgets else hub.access()
    click.echo(_as_words(access, was_forgotten=forgets))


def _as_words(access: HubAccess, *, was_forgotten: bool) -> str:
    if was_forgotten and access.has_token:
        return "The token is forgotten, but the variable HF_TOKEN still gives one."
    if was_forgotten:
        return "The access token is forgotten."
    if access.user:
        return f"The Hub knows you as {access.user}."
    if access.has_token:
        return "An access token is kept. The mirror that you use never gets it."
    return "No access token is kept. Add one with: heft access --token-stdin"
