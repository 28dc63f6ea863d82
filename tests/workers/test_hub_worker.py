"""The process that talks to the Hub, as the app starts it."""

import json
import os
import stat
from pathlib import Path

import pytest
from hub_server import HubServer, Port

from desktop.core.hub_model import HubAccess, HubFault, HubQuery
from desktop.wire.engine_messages import LoadModel
from desktop.wire.hub_messages import (
    AccessChecked,
    CheckAccess,
    HubRefused,
    HubSearched,
    OpenRepository,
    RepositoryOpened,
    SaveAccessToken,
    SearchHub,
)
from desktop.wire.message import Failed

ACCESS = "hf_secret_of_alice"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "hub"


@pytest.fixture
def server(home, monkeypatch):
    with HubServer() as server:
        server.add_user(ACCESS, "alice")
        server.add_repository("o/Tiny-GGUF", {"m-Q4_0.gguf": b"GGUF"}, parameters=8)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        for name, value in server.variables(home).items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def worker(server, start_worker):
    return start_worker("hub")


def test_it_searches_and_opens(server, worker):
    worker.say(SearchHub(HubQuery("tiny")), OpenRepository("o/Tiny-GGUF"))
    searched, opened = worker.answer(), worker.answer()
    assert isinstance(searched, HubSearched)
    assert [model.repo for model in searched.page.models] == ["o/Tiny-GGUF"]
    assert isinstance(opened, RepositoryOpened)
    assert [file.path for file in opened.repository.files] == ["m-Q4_0.gguf"]
    assert server.paths() == ["GET /api/models", "GET /api/models/o/Tiny-GGUF"]


def test_what_the_hub_refuses_is_told_and_it_lives_on(server, worker):
    server.faults.is_portal = True
    worker.say(SearchHub(HubQuery("tiny")))
    refused = worker.answer()
    assert isinstance(refused, HubRefused)
    assert refused.refusal.fault is HubFault.SIGN_IN_PAGE
    server.faults.is_portal = False
    worker.say(SearchHub(HubQuery("tiny")))
    assert isinstance(worker.answer(), HubSearched)


def test_a_token_is_kept_for_its_user_only_and_forgotten(server, worker, home):
    worker.say(CheckAccess(), SaveAccessToken(ACCESS), CheckAccess())
    assert worker.answer() == AccessChecked(HubAccess())
    assert [worker.answer() for _ in range(2)] == [AccessChecked(HubAccess("alice", True))] * 2
    kept = [path for path in home.rglob("*") if path.is_file() and ACCESS in path.read_text()]
    assert home / "token" in kept
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    worker.say(SaveAccessToken(""), CheckAccess())
    assert [worker.answer() for _ in range(2)] == [AccessChecked(HubAccess())] * 2
    assert not [path for path in home.rglob("*") if path.is_file() and ACCESS in path.read_text()]
    assert ACCESS not in worker.log()


def test_the_next_process_finds_the_token(server, worker, start_worker):
    worker.say(SaveAccessToken(ACCESS))
    worker.answer()
    server.add_repository(
        "alice/secret", {"m.gguf": b"GGUF"}, private=True, gated=True, granted={"alice"}
    )
    other = start_worker("hub")
    other.say(OpenRepository("alice/secret"))
    assert isinstance(other.answer(), RepositoryOpened)
    assert server.requests[-1].is_authorized


@pytest.mark.parametrize(
    "rubbish", ["hf_unknown", "hf with space", "hf\nX-Evil: 1", "ключ", "x" * 999]
)
def test_a_token_that_is_none_is_refused_and_not_kept(server, worker, home, rubbish):
    worker.say(SaveAccessToken(rubbish), CheckAccess())
    refused = worker.answer()
    assert isinstance(refused, HubRefused)
    assert refused.refusal.fault is HubFault.GATED
    assert rubbish not in json.dumps(str(refused))
    assert worker.answer() == AccessChecked(HubAccess())
    assert not (home / "token").exists()


def test_a_mirror_is_not_even_asked_about_a_token(server, start_worker, monkeypatch, home):
    monkeypatch.delenv("HEFT_LOOPBACK_HUB")
    home.mkdir()
    (home / "token").write_text(ACCESS)
    worker = start_worker("hub")
    worker.say(SaveAccessToken(ACCESS), CheckAccess(), SearchHub(HubQuery("tiny")))
    assert isinstance(worker.answer(), HubRefused)
    assert worker.answer() == AccessChecked(HubAccess(has_token=True))
    assert isinstance(worker.answer(), HubSearched)
    assert [request.is_authorized for request in server.requests] == [False]


def test_offline_it_asks_nobody(server, start_worker, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    worker = start_worker("hub")
    worker.say(SearchHub(HubQuery()), OpenRepository("o/r"), SaveAccessToken(ACCESS))
    for _ in range(3):
        assert worker.answer().refusal.fault is HubFault.OFFLINE
    assert server.requests == []


def test_it_reports_its_use_to_nobody(server, worker):
    """Every request that it makes is one that it was asked for."""
    worker.say(SearchHub(HubQuery()), OpenRepository("o/Tiny-GGUF"), SaveAccessToken(ACCESS))
    for _ in range(3):
        worker.answer()
    assert server.paths(Port.CDN) == []
    assert server.paths() == [
        "GET /api/models",
        "GET /api/models/o/Tiny-GGUF",
        "GET /api/whoami-v2",
        "GET /api/whoami-v2",
    ]


def test_a_request_for_another_role_fails(worker):
    worker.say(LoadModel("a", "a"))
    assert isinstance(worker.answer(), Failed)
