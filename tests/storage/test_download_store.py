"""The list of downloads survives restarts."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.errors import AppError, Problem
from desktop.core.hub_model import HubFault, HubFile, HubPart
from desktop.storage.download_store import DownloadStore


def file_of(name: str) -> HubFile:
    part = HubPart(f"{name}.Q4_0.gguf", 1000, "a" * 64)
    return HubFile("o/r", "c" * 40, (part,), "Q4_0", 4.5, "mit")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "downloads.db"


@pytest.fixture
def open_store(path: Path):
    opened: list[DownloadStore] = []

    def open_store() -> DownloadStore:
        for store in opened:
            store.close()
        opened.append(DownloadStore(path))
        return opened[-1]

    yield open_store
    opened[-1].close()


def entries(store: DownloadStore) -> tuple[DownloadEntry, ...]:
    found, problem = store.entries()
    assert problem is None
    return found


def test_a_new_download_waits_at_the_end(open_store):
    store = open_store()
    first, second = store.add(file_of("first")), store.add(file_of("second"))
    assert first.state is DownloadState.QUEUED
    assert first.name == "first"
    assert entries(open_store()) == (first, second)


def test_all_that_is_known_survives_a_restart(open_store):
    store = open_store()
    entry = replace(
        store.add(file_of("m")),
        state=DownloadState.FAILED,
        done_bytes=77,
        path=Path("/models/m.gguf"),
        problem=Problem("No", "Because.", "Go.", ("line",)),
        fault=HubFault.GATED,
    )
    store.save(entry)
    assert entries(open_store()) == (entry,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DownloadState.QUEUED, DownloadState.QUEUED),
        (DownloadState.CONNECTING, DownloadState.QUEUED),
        (DownloadState.RUNNING, DownloadState.QUEUED),
        (DownloadState.VERIFYING, DownloadState.QUEUED),
        (DownloadState.PAUSED, DownloadState.PAUSED),
        (DownloadState.FAILED, DownloadState.FAILED),
        (DownloadState.DONE, DownloadState.DONE),
    ],
)
def test_what_was_at_work_waits_after_a_restart(open_store, before, after):
    store = open_store()
    store.save(replace(store.add(file_of("m")), state=before))
    assert [entry.state for entry in entries(open_store())] == [after]


def test_the_order_is_kept(open_store):
    store = open_store()
    ids = [store.add(file_of(name)).id for name in "abc"]
    store.save_order([ids[2], ids[0], ids[1]])
    new = store.add(file_of("d")).id
    assert [entry.id for entry in entries(open_store())] == [ids[2], ids[0], ids[1], new]


def test_a_number_is_never_used_again(open_store):
    store = open_store()
    gone = store.add(file_of("a"))
    store.remove(gone.id)
    assert store.add(file_of("b")).id > gone.id


def test_an_entry_that_cannot_be_read_is_told_of(open_store, path):
    store = open_store()
    good = store.add(file_of("good"))
    store.add(file_of("bad"))
    store.close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE download SET file = '{' WHERE id <> ?", (good.id,))
    database.close()
    found, problem = open_store().entries()
    assert found == (good,)
    assert problem is not None
    assert problem.next_step


def test_a_second_process_is_told_that_the_list_is_in_use(open_store, path):
    open_store()
    with pytest.raises(AppError, match="in use by another program"):
        DownloadStore(path)
