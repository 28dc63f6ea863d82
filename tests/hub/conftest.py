"""A Hub on this machine, and this process as its client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import HubServer

ACCESS = "hf_secret_of_alice"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """The Hub that `desktop.hub` talks to; a user is known to it, but signed in nowhere."""
    with HubServer() as server:
        server.add_user(ACCESS, "alice")
        monkeypatch.delenv("HF_TOKEN", raising=False)
        for name, value in server.variables(tmp_path / "hub").items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def signed_in(server: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of the user is known to this process."""
    monkeypatch.setenv("HF_TOKEN", ACCESS)
