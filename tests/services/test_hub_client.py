"""The window's side of the Hub: what was asked last is answered, whatever happens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hub_server import Faults, HubServer, Refusal
from signal_journal import SignalJournal

from desktop.core.hub_model import HubAccess, HubFault, HubPage, HubQuery
from desktop.services import hub_client
from desktop.services.hub_client import HubClient

LIMIT_MS = 20_000
SIGNALS = ("page_found", "repository_opened", "access_checked", "refused", "busy_changed")


@pytest.fixture
def server(monkeypatch) -> Iterator[HubServer]:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with HubServer() as server:
        server.add_repository("o/Tiny-GGUF", {"m-Q4_0.gguf": b"GGUF"}, parameters=8)
        server.add_repository("o/Other-GGUF", {"m-Q4_0.gguf": b"GGUF"}, parameters=8)
        yield server


@pytest.fixture
def client(qapp, server, tmp_path: Path) -> Iterator[HubClient]:
    client = HubClient(lambda: server.variables(tmp_path / "hub"))
    yield client
    client.shut_down()


@pytest.fixture
def heard(client) -> SignalJournal:
    return SignalJournal(client, *SIGNALS)


def pid_of(client: HubClient) -> int:
    return client._process.pid if client._process is not None else 0


def names(page: HubPage) -> list[str]:
    return [model.repo for model in page.models]


@pytest.fixture
def wait_for(qtbot) -> Callable[[Callable[[], bool]], None]:
    def wait_for(condition: Callable[[], bool]) -> None:
        qtbot.waitUntil(condition, timeout=LIMIT_MS)

    return wait_for


@pytest.fixture
def running(client, wait_for) -> HubClient:
    """A client whose process is there."""
    client.check_access()
    wait_for(lambda: not client.is_busy)
    return client


def test_a_search_starts_a_process_that_stays_for_the_next(client, heard, wait_for):
    assert pid_of(client) == 0
    client.search(HubQuery("tiny"))
    wait_for(lambda: "page_found" in heard)
    assert names(heard.last("page_found")) == ["o/Tiny-GGUF"]
    pid = pid_of(client)
    client.open_repository("o/Tiny-GGUF")
    wait_for(lambda: "repository_opened" in heard)
    assert heard.last("repository_opened").summary.repo == "o/Tiny-GGUF"
    assert pid_of(client) == pid
    assert heard.all("busy_changed") == [True, False, True, False]


def test_the_token_is_kept_and_forgotten(client, server, heard, wait_for):
    server.add_user("hf_secret", "alice")
    client.save_token("hf_secret")
    wait_for(lambda: heard.all("access_checked") == [HubAccess("alice", True)])
    client.save_token("")
    wait_for(lambda: heard.last("access_checked") == HubAccess())


def test_only_the_newest_search_is_answered(running, server, heard, wait_for):
    server.faults.is_silent = True
    for words in ("t", "ti", "tin", "other"):
        running.search(HubQuery(words))
    wait_for(lambda: len(server.requests) == 1)
    server.faults.is_silent = False
    wait_for(lambda: not running.is_busy)
    assert [names(page) for page in heard.all("page_found")] == [["o/Other-GGUF"]]
    assert len(server.requests) == 2
    assert "refused" not in heard


def test_a_failure_of_an_older_search_is_not_told(running, server, heard, wait_for):
    server.faults = Faults(is_silent=True, refusal=Refusal(500))
    running.search(HubQuery("tiny"))
    running.search(HubQuery("other"))
    server.faults.is_silent = False
    wait_for(lambda: "page_found" in heard)
    assert "refused" not in heard


def test_a_search_that_hangs_does_not_hold_up_a_newer_one(
    running, server, heard, wait_for, monkeypatch
):
    monkeypatch.setattr(hub_client, "PATIENCE_MS", 0)
    pid = pid_of(running)
    server.faults.is_silent = True
    running.search(HubQuery("tiny"))
    wait_for(lambda: len(server.requests) == 1)
    running.search(HubQuery("other"))
    wait_for(lambda: pid_of(running) not in {0, pid})
    server.faults.is_silent = False
    wait_for(lambda: "page_found" in heard)
    assert names(heard.last("page_found")) == ["o/Other-GGUF"]
    assert "refused" not in heard


def test_different_requests_are_all_answered_in_order(running, heard, wait_for):
    running.search(HubQuery("tiny"))
    running.open_repository("o/Other-GGUF")
    running.check_access()
    wait_for(lambda: not running.is_busy)
    answers = [name for name in heard.names() if name != "busy_changed"]
    assert answers[-3:] == ["page_found", "repository_opened", "access_checked"]


def test_what_is_refused_is_told(client, heard, wait_for):
    client.open_repository("o/nothing")
    wait_for(lambda: "refused" in heard)
    assert heard.last("refused").fault is HubFault.GONE
    assert heard.all("busy_changed") == [True, False]


def test_a_process_that_dies_is_told_of_and_replaced(running, server, heard, wait_for):
    server.faults.is_silent = True
    running.search(HubQuery("tiny"))
    running.open_repository("o/Tiny-GGUF")
    psutil.Process(pid_of(running)).kill()
    wait_for(lambda: "refused" in heard)
    assert "ended" in heard.last("refused").problem.detail
    server.faults.is_silent = False
    wait_for(lambda: "repository_opened" in heard)
    assert len(heard.all("refused")) == 1


def test_a_process_that_cannot_start_is_told_of(client, heard, wait_for, monkeypatch):
    monkeypatch.setattr("sys.executable", "/no/such/program")
    client.search(HubQuery())
    wait_for(lambda: "refused" in heard)
    assert not client.is_busy
    client.open_repository("o/r")
    client.check_access()
    wait_for(lambda: len(heard.all("refused")) == 3)


def test_no_answer_for_long_is_told_of(qapp, server, tmp_path, wait_for, monkeypatch):
    monkeypatch.setattr(hub_client, "ANSWER_LIMIT_MS", 1)
    client = HubClient(lambda: server.variables(tmp_path / "hub"))
    heard = SignalJournal(client, *SIGNALS)
    client.search(HubQuery())
    wait_for(lambda: "refused" in heard)
    assert heard.last("refused").fault is HubFault.NO_NETWORK
    wait_for(lambda: not client.is_busy)
    client.shut_down()


def test_an_idle_process_ends(qapp, server, tmp_path, wait_for, monkeypatch):
    monkeypatch.setattr(hub_client, "IDLE_MS", 1)
    client = HubClient(lambda: server.variables(tmp_path / "hub"))
    heard = SignalJournal(client, *SIGNALS)
    client.search(HubQuery("tiny"))
    wait_for(lambda: "page_found" in heard and pid_of(client) == 0)
    client.search(HubQuery("other"))
    wait_for(lambda: len(heard.all("page_found")) == 2)
    assert "refused" not in heard
    client.shut_down()


def test_changed_settings_hold_for_what_is_still_to_be_answered(
    qapp, server, tmp_path, wait_for, monkeypatch
):
    is_offline = False
    client = HubClient(lambda: server.variables(tmp_path / "hub", is_offline=is_offline))
    heard = SignalJournal(client, *SIGNALS)
    server.faults.is_silent = True
    client.search(HubQuery("tiny"))
    wait_for(lambda: len(server.requests) == 1)
    is_offline = True
    client.renew()
    wait_for(lambda: "refused" in heard)
    assert heard.last("refused").fault is HubFault.OFFLINE
    assert len(server.requests) == 1
    client.shut_down()


def test_a_client_that_was_never_used_can_be_shut_down_and_renewed(client, heard):
    client.renew()
    client.shut_down()
    assert heard.names() == []
