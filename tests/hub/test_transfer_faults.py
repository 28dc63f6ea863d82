"""What servers and networks do wrong: nothing wrong is published, and little comes twice."""

import resource
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hub_server import Faults, HubServer, Port, Refusal
from quick_transfer import QUICK_TERMS, Told, refused
from served_model import hub_file, model_bytes

from desktop.core.errors import AppError
from desktop.core.hub_model import HubFault
from desktop.hub.part_file import LOG_EVERY_BYTES
from desktop.hub.stream import READ_BYTES
from desktop.hub.terms import Terms
from desktop.hub.transfer import fetch
from desktop.hub.transfer_outcome import Fetched, StoppedError

BODY = model_bytes(2_000_000)

Get = Callable[..., Fetched]


@pytest.fixture
def told(server: HubServer) -> Told:
    return Told(server)


@pytest.fixture
def get(server: HubServer, tmp_path: Path, told: Told) -> Get:
    """Fetch a model, and compare what is published with what it should be."""
    file = hub_file(server.add_repository("o/r", {"m.gguf": BODY}))

    def get(terms: Terms = QUICK_TERMS) -> Fetched:
        models = tmp_path / "models"
        try:
            return fetch(
                file,
                models,
                on_progress=told.take,
                should_stop=told.should_stop,
                terms=terms,
            )
        finally:
            published = list(models.rglob("*.gguf"))
            assert [path.read_bytes() for path in published] == [BODY] * len(published)

    return get


def stop_halfway(get: Get, server: HubServer, told: Told) -> None:
    """Fetch about half of the file."""
    server.faults = Faults(bytes_per_s=1_000_000)
    told.stop_after_bytes = len(BODY) // 3
    with pytest.raises(StoppedError):
        get()
    told.stop_after_bytes = None
    server.faults = Faults()
    server.requests.clear()


def test_a_connection_that_drops_costs_nothing(get, server):
    server.faults = Faults(drop_after_bytes=300_000)
    assert get().fetched_bytes == len(BODY)


def test_a_connection_that_stalls_is_opened_anew(get, server, told):
    server.faults = Faults(stall_after_bytes=100_000, stall_times=2)
    assert get().fetched_bytes == len(BODY)


def test_a_stall_of_the_only_connection_is_told_of(get, server, told):
    server.faults = Faults(stall_after_bytes=0, stall_times=2)
    get(replace(QUICK_TERMS, streams=1))
    assert told.notes == {"The connection stalled. Trying again."}


def test_a_wrong_byte_is_never_published_nor_used_again(get, server, tmp_path):
    server.faults = Faults(corrupt_at=1_234_567, corrupt_times=1)
    assert refused(get) is HubFault.WRONG_HASH
    assert list((tmp_path / "models").rglob("*.part*")) == []
    assert get().fetched_bytes == len(BODY)


def test_a_server_that_knows_no_ranges_sends_the_whole(get, server):
    server.faults = Faults(ignores_range=True)
    assert get().fetched_bytes == len(BODY)


def test_a_server_that_forgets_about_ranges_has_to_start_over(get, server, told):
    stop_halfway(get, server, told)
    server.faults = Faults(ignores_range=True)
    get()
    assert any("cannot go on in the middle" in note for note in told.notes)
    assert any("starts over" in note for note in told.notes)


def test_a_server_that_forgets_about_ranges_and_drops_is_given_up_in_words(get, server):
    server.faults = Faults(ignores_range=True, drop_after_bytes=500_000)
    assert refused(get) in {HubFault.NO_NETWORK, HubFault.SERVER}


def test_a_server_that_refuses_a_range_is_asked_for_the_whole(get, server, told):
    stop_halfway(get, server, told)
    server.faults = Faults(refuses_ranges_times=1)
    get()
    assert [seen.range for seen in server.requests if seen.port is Port.CDN][-1] == ""


def test_another_range_than_was_asked_for_is_not_used(get, server):
    server.faults = Faults(range_shift_bytes=10)
    assert refused(get) is HubFault.SERVER


def test_a_file_that_changes_on_its_server_is_fetched_from_the_start(get, server, told):
    """What came before is of another file, so none of it is used."""
    server.faults = Faults(cdn_etag="before", corrupt_at=100)
    use_link = server.use_link

    def change_later(number: int):
        if server.bytes_sent > 1_300_000:
            server.faults.cdn_etag, server.faults.corrupt_at = "after", None
        return use_link(number)

    server.use_link = change_later
    get()
    assert any("changed on its server" in note for note in told.notes)


@pytest.mark.parametrize("status", [500, 502, 503, 418])
def test_a_server_that_fails_for_a_moment_is_asked_again(get, server, status):
    server.faults = Faults(refusal=Refusal(status, times=2))
    assert get().fetched_bytes == len(BODY)


def test_a_server_that_fails_for_good_is_given_up_in_words(get, server):
    server.faults = Faults(refusal=Refusal(503, times=1000, where=Port.CDN))
    assert refused(get) is HubFault.SERVER
    tries = [seen for seen in server.requests if seen.port is Port.CDN]
    assert len(tries) == QUICK_TERMS.patience.fruitless_failures + 1


def test_a_server_that_asks_for_a_pause_gets_it(get, server, told):
    server.faults = Faults(refusal=Refusal(429, headers={"Retry-After": "1"}, where=Port.CDN))
    get()
    assert told.notes == {"The Hub asks you to slow down. Trying again in 1 s."}


def test_a_pause_that_is_too_long_is_told_of(get, server):
    wait = {"Retry-After": "3000"}
    server.faults = Faults(refusal=Refusal(429, headers=wait, where=Port.CDN))
    assert refused(get) is HubFault.RATE_LIMITED


def test_an_address_that_has_expired_is_asked_for_anew(get, server):
    server.faults = Faults(link_uses=2)
    assert get().fetched_bytes == len(BODY)
    asked = [seen for seen in server.requests if seen.method == "HEAD"]
    assert len(asked) > 2


def test_an_address_that_never_works_is_given_up_in_words(get, server):
    server.faults = Faults(link_uses=0)
    assert refused(get) is HubFault.SERVER


def test_a_sign_in_page_is_told_from_a_model(get, server, told):
    stop_halfway(get, server, told)
    server.faults = Faults(is_portal=True)
    assert refused(get) is HubFault.SIGN_IN_PAGE
    server.faults = Faults()
    assert get().fetched_bytes < len(BODY)


@pytest.mark.parametrize("etag", ["../../../evil", "", "z" * 64, "A" * 64])
def test_a_hostile_sum_is_refused(get, server, etag):
    server.faults = Faults(etag=etag)
    assert refused(get) in {HubFault.SERVER, HubFault.SIGN_IN_PAGE}
    assert [seen for seen in server.requests if seen.port is Port.CDN] == []


@pytest.mark.parametrize("size", [0, 1, len(BODY) + 1])
def test_a_wrong_size_is_refused(get, server, size):
    server.faults = Faults(linked_size=size)
    assert refused(get) in {HubFault.SERVER, HubFault.WRONG_HASH}


def test_the_first_connection_does_not_wait_for_one_that_fails(get, server, told):
    """A server may allow fewer connections than are opened."""
    server.faults = Faults(bytes_per_s=2_000_000, refusal=Refusal(503, times=0))
    take_refusal = server.take_refusal

    def refuse_a_second(port: Port) -> Refusal | None:
        others = [one for one in told.streams() if one.is_alive()]
        return Refusal(503) if port is Port.CDN and len(others) > 1 else take_refusal(port)

    server.take_refusal = refuse_a_second
    assert get().fetched_bytes == len(BODY)


def test_a_stop_costs_next_to_nothing(get, server, told):
    assert QUICK_TERMS.streams * READ_BYTES + LOG_EVERY_BYTES < 1024**2
    stops = 4
    for _ in range(stops):
        server.faults = Faults(bytes_per_s=500_000)
        told.stop_after_bytes = 200_000
        with pytest.raises(StoppedError):
            get()
    told.stop_after_bytes = None
    server.faults = Faults()
    get()
    assert server.bytes_sent - len(BODY) < stops * 256 * 1024


def test_a_disk_that_is_full_is_told_of_and_keeps_what_came(get, server, told):
    """A limit on the size of files stands in for the end of the disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(BODY) // 2, before[1]))
    try:
        with pytest.raises(AppError, match="larger than"):
            get()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert 0 < get().fetched_bytes <= len(BODY) // 2 + QUICK_TERMS.streams * READ_BYTES


def test_a_disk_that_others_fill_up_ends_it(get, server, monkeypatch):
    """It is looked at again after a second."""
    usage = shutil.disk_usage("/")
    free = iter([1 << 40, 1 << 40])
    monkeypatch.setattr(
        shutil, "disk_usage", lambda _folder: usage._replace(free=next(free, 1 << 20))
    )
    server.faults = Faults(bytes_per_s=300_000)
    assert refused(get, replace(QUICK_TERMS, reserve_bytes=1 << 30)) is HubFault.DISK_FULL
    server.faults = Faults()
    monkeypatch.undo()
