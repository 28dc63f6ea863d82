"""The user's settings for the Hub, applied to a command before it imports `desktop.hub`."""

import os

import click

from desktop.core.hub_environment import hub_environment
from desktop.storage.paths import Paths
from desktop.storage.settings_store import SettingsStore


def apply_hub_environment(paths: Paths) -> None:
    """Set the variables that huggingface_hub reads when it is imported.

    A mirror or the wish to stay offline may also come from HF_ENDPOINT and HF_HUB_OFFLINE.
    """
    settings, problem = SettingsStore(paths.settings_file).load()
    if problem is not None:
        click.echo(f"Warning: {problem.sentence()}", err=True)
    address = settings.hub_endpoint or os.environ.get("HF_ENDPOINT", "")
    is_offline = settings.is_offline or os.environ.get("HF_HUB_OFFLINE") == "1"
    os.environ.update(hub_environment(paths.hub, address, is_offline=is_offline))
