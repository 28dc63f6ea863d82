"""Fetching from a real server: what is published, what is asked for, what an interruption costs."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hub_server import Faults, HubServer, Port
from quick_transfer import QUICK_TERMS, Told, refused
from served_model import hub_file, model_bytes

from desktop.core.download import DownloadState
from desktop.core.errors import AppError
from desktop.core.hub_model import HubFault, HubFile, HubPart
from desktop.hub.part_file import PartFile
from desktop.hub.progress_log import Promise
from desktop.hub.terms import Terms
from desktop.hub.transfer import fetch
from desktop.hub.transfer_outcome import Fetched, StoppedError
from desktop.storage.download_place import DownloadPlace

BODY = model_bytes(3_000_000)

Get = Callable[..., Fetched]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def file(server: HubServer) -> HubFile:
    return hub_file(server.add_repository("o/r", {"m.gguf": BODY}, license="mit"))


@pytest.fixture
def told(server: HubServer) -> Told:
    return Told(server)


@pytest.fixture
def get(models: Path, told: Told) -> Get:
    def get(file: HubFile, terms: Terms = QUICK_TERMS) -> Fetched:
        return fetch(file, models, on_progress=told.take, should_stop=told.should_stop, terms=terms)

    return get


def files_in(models: Path) -> list[str]:
    return sorted(str(path.relative_to(models)) for path in models.rglob("*") if path.is_file())


def body_requests(server: HubServer) -> list[str]:
    return [seen.range for seen in server.requests if seen.method == "GET"]


def test_a_model_is_published_with_a_note_of_its_source(get, file, models, told):
    fetched = get(file)
    assert fetched.path == models / "o--r" / "m.gguf"
    assert fetched.fetched_bytes == len(BODY)
    assert fetched.path.read_bytes() == BODY
    assert files_in(models) == ["o--r/m.gguf", "o--r/m.gguf.source.json"]
    note = json.loads((models / "o--r" / "m.gguf.source.json").read_text("utf-8"))
    assert note.pop("fetched_at").endswith("+00:00")
    assert note == {
        "repo": "o/r",
        "revision": file.revision,
        "path": "m.gguf",
        "sha256": file.parts[0].sha256,
        "license": "mit",
    }
    assert told.progress[0].state is DownloadState.CONNECTING


def test_every_byte_is_asked_for_once(get, file, server):
    get(file)
    spans = sorted(
        tuple(map(int, span.removeprefix("bytes=").split("-"))) for span in body_requests(server)
    )
    assert spans[0][0] == 0
    assert spans[-1][1] == len(BODY) - 1
    assert all(end + 1 == start for (_, end), (start, _) in pairwise(spans))
    assert server.bytes_sent == len(BODY)


def test_a_model_that_is_there_is_not_fetched_again(get, file, server):
    get(file)
    server.requests.clear()
    assert get(file).fetched_bytes == 0
    assert server.requests == []


def test_a_newer_model_takes_the_place_of_an_older_one(get, file, server, models):
    get(file)
    newer = model_bytes(len(BODY), seed=2)
    changed = hub_file(server.add_repository("o/r", {"m.gguf": newer}))
    get(changed)
    assert (models / "o--r" / "m.gguf").read_bytes() == newer
    assert files_in(models) == ["o--r/m.gguf", "o--r/m.gguf.source.json"]


def test_a_slow_server_is_asked_by_several_connections_at_a_time(get, file, server, told):
    server.faults = Faults(bytes_per_s=500_000)
    get(file)
    assert told.most_streams >= QUICK_TERMS.streams


def test_a_fast_server_is_asked_by_one_connection_at_a_time(get, file, server):
    get(file, replace(QUICK_TERMS, enough_bytes_per_s=0.0, smallest_slice_bytes=500_000))
    starts = [int(one.removeprefix("bytes=").split("-")[0]) for one in body_requests(server)]
    assert starts == sorted(starts)
    assert len(starts) == 6


def test_a_transfer_that_is_stopped_goes_on_where_it_was(get, file, server, told, models):
    server.faults = Faults(bytes_per_s=1_000_000)
    told.stop_after_bytes = 1_000_000
    with pytest.raises(StoppedError):
        get(file)
    assert not (models / "o--r" / "m.gguf").exists()
    told.stop_after_bytes = None
    server.faults = Faults()
    fetched = get(file)
    assert fetched.path.read_bytes() == BODY
    assert fetched.fetched_bytes < len(BODY) - 900_000


def test_a_stop_is_obeyed_at_once_while_nothing_comes(get, file, server, told):
    server.faults = Faults(stall_after_bytes=10)
    patience = replace(QUICK_TERMS.patience, stall_s=60.0)
    told.stop_after_bytes = 10
    with pytest.raises(StoppedError):
        get(file, replace(QUICK_TERMS, patience=patience))
    for stream in told.streams():
        stream.join(5)
    assert told.streams() == []


def test_a_split_model_is_published_as_a_whole(get, server, models):
    bodies = {f"q/m-0000{n}-of-00002.gguf": model_bytes(500_000, n) for n in (1, 2)}
    file = hub_file(server.add_repository("o/r", bodies))
    server.faults = Faults(corrupt_at=400_000, corrupt_times=1)
    assert refused(get, file) is HubFault.WRONG_HASH
    assert not list(models.rglob("*.gguf"))
    fetched = get(file)
    assert fetched.path == models / "o--r" / "m-00001-of-00002.gguf"
    assert {path.read_bytes() for path in models.rglob("*.gguf")} == set(bodies.values())
    assert len(files_in(models)) == 4


def test_a_part_that_was_verified_before_is_not_fetched_again(get, server, told):
    bodies = {f"m-0000{n}-of-00002.gguf": model_bytes(500_000, n) for n in (1, 2)}
    file = hub_file(server.add_repository("o/r", bodies))
    told.stop_after_bytes = 500_001
    server.faults = Faults(bytes_per_s=1_000_000)
    with pytest.raises(StoppedError):
        get(file)
    told.stop_after_bytes = None
    server.faults = Faults()
    server.requests.clear()
    get(file)
    assert not any("m-00001" in seen.path for seen in server.requests)


def test_two_repositories_may_have_files_of_the_same_name(get, server, models):
    one = hub_file(server.add_repository("a/r", {"m.gguf": BODY}))
    other = hub_file(server.add_repository("b/r", {"m.gguf": model_bytes(400_000, 9)}))
    get(one)
    get(other)
    assert (models / "a--r" / "m.gguf").read_bytes() == BODY
    assert (models / "b--r" / "m.gguf").stat().st_size == 400_000


def test_the_same_file_is_not_fetched_by_two_processes_at_a_time(get, file, models):
    place = DownloadPlace(models, file)
    part = file.parts[0]
    promise = Promise(file.repo, part.path, part.size_bytes, part.sha256)
    other = PartFile(place.unfinished(part), promise)
    with pytest.raises(AppError, match="downloaded already"):
        get(file)
    other.close()
    get(file)


def test_nothing_is_fetched_that_does_not_fit(get, file, server, models):
    server.requests.clear()
    terms = replace(QUICK_TERMS, reserve_bytes=1 << 60)
    assert refused(get, file, terms) is HubFault.DISK_FULL
    assert server.requests == []
    assert not list(models.rglob("*.gguf"))


def test_what_is_no_model_is_told_of_in_words(get, server, models):
    file = hub_file(server.add_repository("o/r", {"m.gguf": b"<!doctype html>" + bytes(5000)}))
    with pytest.raises(AppError, match="web page"):
        get(file)
    assert (models / "o--r" / "m.gguf").is_file()


def test_a_hostile_name_touches_nothing(get, file, models, tmp_path):
    part = HubPart("../../evil.gguf", 5, "a" * 64)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(AppError, match="refused"):
        get(replace(file, parts=(part,)))
    assert sorted(tmp_path.rglob("*")) == before


def test_another_sum_than_was_promised_is_refused_before_anything_is_fetched(get, file, server):
    promised = replace(file.parts[0], sha256="b" * 64)
    assert refused(get, replace(file, parts=(promised,))) is HubFault.WRONG_HASH
    assert body_requests(server) == []


def test_no_network_is_told_of_after_some_tries(get, file, server, told):
    server.faults = Faults(redirect="http://127.0.0.1:1/m.gguf")
    assert refused(get, file) is HubFault.NO_NETWORK
    assert "The Hub cannot be reached. Trying again." in told.notes


def test_the_wish_to_stay_offline_is_kept(get, file, server, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert refused(get, file) is HubFault.OFFLINE
    assert server.requests == []


def test_no_token_goes_to_the_cdn(get, file, server, signed_in):
    get(file)
    assert any(seen.is_authorized for seen in server.requests if seen.port is Port.HUB)
    assert not any(seen.is_authorized for seen in server.requests if seen.port is Port.CDN)


def test_a_gated_model_is_refused_at_once(get, server, models):
    file = hub_file(server.add_repository("o/r", {"m.gguf": BODY}, gated=True))
    assert refused(get, file) is HubFault.GATED
    assert len(server.requests) == 1
