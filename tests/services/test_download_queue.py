"""The downloads of the window, with real processes and a real server."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import child_processes
import pytest
from hub_server import Faults, HubServer
from served_model import hub_file, model_bytes
from signal_journal import SignalJournal

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.hub_model import HubFault, HubFile, HubPart
from desktop.services.download_queue import MAXIMUM_ACTIVE, DownloadQueue
from desktop.storage.download_store import DownloadStore

SIZE_BYTES = 1_000_000
SIGNALS = ("entries_changed", "finished", "failed", "problem_raised")

States = dict[str, DownloadState]


class Desk:
    """A list of downloads, as the window has it."""

    def __init__(self, folder: Path, server: HubServer) -> None:
        self.models = folder / "models"
        self.store = DownloadStore(folder / "downloads.db")
        variables = server.variables(folder / "hub")
        self.queue = DownloadQueue(self.store, lambda: self.models, lambda: variables)
        self.heard = SignalJournal(self.queue, *SIGNALS)
        self.queue.start()

    def entry(self, number: int = 0) -> DownloadEntry:
        return self.queue.entries[number]

    def states(self) -> list[DownloadState]:
        return [entry.state for entry in self.queue.entries]

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in self.models.rglob("*.part*"))

    def close(self) -> None:
        self.queue.shut_down()
        self.store.close()


@pytest.fixture
def server() -> Iterator[HubServer]:
    with HubServer() as server:
        yield server


@pytest.fixture
def open_desk(qapp, tmp_path: Path, server: HubServer) -> Iterator[Callable[[], Desk]]:
    """Open the list, or open it again as after a restart."""
    desks: list[Desk] = []

    def open_desk() -> Desk:
        while desks:
            desks.pop().close()
        desks.append(Desk(tmp_path, server))
        return desks[-1]

    yield open_desk
    while desks:
        desks.pop().close()


@pytest.fixture
def desk(open_desk) -> Desk:
    return open_desk()


@pytest.fixture
def model(server: HubServer) -> Callable[[str], HubFile]:
    """Offer a model on the server."""

    def model(name: str) -> HubFile:
        body = model_bytes(SIZE_BYTES, seed=ord(name))
        return hub_file(server.add_repository(f"o/{name}", {f"{name}.gguf": body}))

    return model


def slow_down(server: HubServer) -> None:
    server.faults = Faults(bytes_per_s=100_000)


def is_flowing(desk: Desk, number: int = 0) -> bool:
    return desk.entry(number).done_bytes > 0


def test_a_model_is_downloaded(wait_for, desk, model):
    desk.queue.add(model("a"))
    assert desk.entry().state is DownloadState.CONNECTING
    wait_for(lambda: "finished" in desk.heard)
    [entry] = desk.heard.all("finished")
    assert entry == desk.entry()
    assert (entry.state, entry.done_bytes, entry.name) == (DownloadState.DONE, SIZE_BYTES, "a")
    assert entry.path == desk.models / "o--a" / "a.gguf"
    assert entry.path.stat().st_size == SIZE_BYTES
    assert desk.heard.last("entries_changed") == desk.queue.entries


def test_three_are_at_work_and_the_others_wait(wait_for, desk, model, server):
    slow_down(server)
    for name in "abcde":
        desk.queue.add(model(name))
    active = [state.is_active for state in desk.states()]
    assert active == [True] * MAXIMUM_ACTIVE + [False] * 2
    desk.queue.pause(desk.entry(0).id)
    wait_for(lambda: desk.states()[3].is_active)
    assert desk.states()[0] is DownloadState.PAUSED
    assert desk.states()[4] is DownloadState.QUEUED


@pytest.mark.slow
def test_a_pause_keeps_what_came(wait_for, desk, model, server):
    slow_down(server)
    desk.queue.add(model("a"))
    wait_for(lambda: is_flowing(desk))
    desk.queue.pause(desk.entry().id)
    assert desk.entry().state is DownloadState.PAUSED
    wait_for(lambda: child_processes.workers() == [])
    assert desk.entry().state is DownloadState.PAUSED
    sent_bytes = server.bytes_sent
    server.faults = Faults()
    desk.queue.resume(desk.entry().id)
    wait_for(lambda: "finished" in desk.heard)
    assert server.bytes_sent - sent_bytes < SIZE_BYTES


def test_what_is_resumed_before_its_process_is_gone_goes_on(wait_for, desk, model, server):
    slow_down(server)
    desk.queue.add(model("a"))
    wait_for(lambda: is_flowing(desk))
    desk.queue.pause(desk.entry().id)
    desk.queue.resume(desk.entry().id)
    server.faults = Faults()
    wait_for(lambda: "finished" in desk.heard)
    assert "failed" not in desk.heard


@pytest.mark.slow
def test_a_cancel_takes_less_than_a_second_and_leaves_nothing(wait_for, desk, model, server):
    slow_down(server)
    for name in "ab":
        desk.queue.add(model(name))
    wait_for(lambda: is_flowing(desk, 0) and is_flowing(desk, 1))
    cancelled_s = time.monotonic()
    desk.queue.cancel(desk.entry().id)
    shown = desk.heard.last("entries_changed")
    assert [entry.name for entry in shown] == ["b"]
    wait_for(lambda: len(desk.queue.entries) == 1)
    assert time.monotonic() - cancelled_s < 1
    assert not any(name.startswith("a.") for name in desk.leftovers())
    assert desk.entry().state.is_active
    assert any(name.startswith("b.") for name in desk.leftovers())


@pytest.mark.parametrize("ending", ["pause", "cancel"])
def test_what_waits_can_be_paused_and_cancelled(desk, model, server, ending):
    slow_down(server)
    for name in "abcd":
        desk.queue.add(model(name))
    getattr(desk.queue, ending)(desk.entry(3).id)
    assert (desk.states()[3:] == [DownloadState.PAUSED]) is (ending == "pause")


@pytest.mark.slow
def test_all_of_it_survives_a_restart(wait_for, open_desk, model, server):
    desk = open_desk()
    slow_down(server)
    for name in "ab":
        desk.queue.add(model(name))
    desk.queue.pause(desk.entry(0).id)
    wait_for(lambda: is_flowing(desk, 1))
    desk = open_desk()
    assert desk.entry(0).state is DownloadState.PAUSED
    assert desk.entry(1).state.is_active
    server.faults = Faults()
    wait_for(lambda: "finished" in desk.heard)
    assert desk.heard.last("finished").name == "b"
    assert desk.entry(0).state is DownloadState.PAUSED


@pytest.mark.slow
def test_a_killed_process_is_started_again(wait_for, desk, model, server):
    slow_down(server)
    desk.queue.add(model("a"))
    wait_for(lambda: is_flowing(desk))
    desk.queue.entries_changed.disconnect()
    sent_bytes = server.bytes_sent
    [process] = child_processes.workers()
    # What it wrote after its last word is more than nothing: it got somewhere.
    wait_for(lambda: server.bytes_sent > sent_bytes + 50_000)
    process.kill()
    server.faults = Faults()
    wait_for(lambda: "finished" in desk.heard)
    assert "failed" not in desk.heard


def test_a_process_that_never_gets_anywhere_fails_in_words(wait_for, desk, model, server):
    server.faults = Faults(stall_after_bytes=0)
    desk.queue.add(model("a"))
    wait_for(lambda: child_processes.workers() != [])
    child_processes.workers()[0].kill()
    wait_for(lambda: "failed" in desk.heard)
    problem = desk.entry().problem
    assert problem is not None
    assert problem.title == "The download stopped"
    server.faults = Faults()
    desk.queue.retry(desk.entry().id)
    assert desk.entry().problem is None
    wait_for(lambda: "finished" in desk.heard)


def test_a_refusal_stays_on_the_list_with_its_words_and_kind(wait_for, open_desk, model, server):
    desk = open_desk()
    file = model("a")
    server.shelf.repositories["o/a"].gated = True
    desk.queue.add(file)
    wait_for(lambda: "failed" in desk.heard)
    entry = open_desk().entry()
    assert (entry.state, entry.fault) == (DownloadState.FAILED, HubFault.GATED)
    assert entry.problem is not None
    assert "licence" in entry.problem.title


def test_what_was_gated_goes_on_once_it_is_not_and_what_else_failed_stays(
    wait_for, desk, model, server
):
    gated, gone = model("a"), model("b")
    repository = server.shelf.repositories["o/a"]
    repository.gated = True
    del server.shelf.repositories["o/b"]
    desk.queue.add(gated)
    desk.queue.add(gone)
    wait_for(lambda: desk.states() == [DownloadState.FAILED] * 2)
    repository.gated = False
    desk.queue.retry_gated()
    wait_for(lambda: desk.states() == [DownloadState.DONE, DownloadState.FAILED])


def test_a_damaged_download_has_nothing_left(wait_for, desk, model, server):
    server.faults = Faults(corrupt_at=SIZE_BYTES - 1)
    desk.queue.add(model("a"))
    wait_for(lambda: "failed" in desk.heard)
    assert (desk.entry().fault, desk.entry().done_bytes) == (HubFault.WRONG_HASH, 0)
    assert desk.leftovers() == []


def test_the_same_model_is_on_the_list_once(wait_for, desk, model):
    file = model("a")
    desk.queue.add(file)
    desk.queue.add(file)
    wait_for(lambda: "finished" in desk.heard)
    desk.queue.add(file)
    wait_for(lambda: len(desk.heard.all("finished")) == 2)
    assert len(desk.queue.entries) == 1


def test_a_finished_one_can_be_removed_and_its_model_stays(wait_for, open_desk, model):
    desk = open_desk()
    desk.queue.add(model("a"))
    wait_for(lambda: "finished" in desk.heard)
    path = desk.entry().path
    desk.queue.remove(desk.entry().id)
    assert desk.queue.entries == ()
    assert path is not None
    assert path.is_file()
    assert open_desk().queue.entries == ()


def test_the_order_can_be_changed_and_is_kept(open_desk, model, server):
    desk = open_desk()
    slow_down(server)
    for name in "abc":
        desk.queue.add(model(name))
    ids = [entry.id for entry in desk.queue.entries]
    desk.queue.move_up(ids[2])
    desk.queue.move_down(ids[0])
    desk.queue.move_down(ids[1])
    desk.queue.move_up(ids[2])
    names = [entry.name for entry in desk.queue.entries]
    assert names == ["c", "a", "b"]
    assert [entry.name for entry in open_desk().queue.entries] == names


def test_wishes_for_what_is_not_there_are_harmless(desk):
    for wish in ("pause", "resume", "retry", "cancel", "remove", "move_up", "move_down"):
        getattr(desk.queue, wish)(77)
    assert desk.queue.entries == ()


def test_a_hostile_name_fails_in_words_and_can_be_cancelled(wait_for, desk, model, tmp_path):
    part = HubPart("../../evil.gguf", 5, "a" * 64)
    desk.queue.add(replace(model("a"), parts=(part,)))
    wait_for(lambda: "failed" in desk.heard)
    desk.queue.cancel(desk.entry().id)
    assert desk.queue.entries == ()
    assert list(tmp_path.rglob("*evil*")) == []
    assert "problem_raised" not in desk.heard
