"""Headers read off the Hub: few requests, few bytes, and nothing believed."""

from dataclasses import replace
from pathlib import Path

import pytest
import tiny_gguf
from hub_server import Faults, HubServer, Port

from desktop.core.errors import AppError
from desktop.core.gguf_header import read_header
from desktop.core.hub_model import HubFile, HubPart
from desktop.hub.api import locate
from desktop.hub.fault import HubError
from desktop.hub.http import open_client
from desktop.hub.remote_header import LISTING_BYTES, RemoteStart, read_remote_model

REPO, NAME = "o/Model-GGUF", "model.gguf"
MIB = 1024**2


def file_of(*names: str) -> HubFile:
    return HubFile(REPO, "main", tuple(HubPart(name, 0, "") for name in names))


def long_header(vocabulary: int = 100_000) -> bytes:
    model = tiny_gguf.llama()
    model.values["tokenizer.ggml.tokens"] = [f"word {number}" for number in range(vocabulary)]
    return model.whole()


def test_the_starter_takes_three_requests_and_less_than_three_mebibytes(
    server: HubServer, starter_model: Path
) -> None:
    server.add_repository(REPO, {NAME: starter_model.read_bytes()})
    remote = read_remote_model(file_of(NAME))
    assert remote.requests == len(server.requests) == 3
    assert remote.fetched_bytes == server.bytes_sent <= 3 * MIB
    with starter_model.open("rb") as stream:
        header = read_header(stream)
    assert remote.headers[0].header == header
    assert remote.headers[0].content == starter_model.read_bytes()[: header.data_start_bytes]


def test_the_listing_takes_one_request_and_a_quarter_of_a_mebibyte(
    server: HubServer, starter_model: Path
) -> None:
    server.add_repository(REPO, {NAME: starter_model.read_bytes()})
    location = locate(REPO, NAME, "main")
    with open_client() as client:
        start = RemoteStart(client, location, REPO)
        listing = start.listing()
    assert listing.text("general.architecture") == "llama"
    assert start.requests == 1
    assert start.fetched_bytes == LISTING_BYTES == 256 * 1024


def test_what_the_hub_knows_is_filled_in(server: HubServer) -> None:
    content = tiny_gguf.llama().whole()
    repository = server.add_repository(REPO, {NAME: content})
    remote = read_remote_model(file_of(NAME))
    part = remote.file.parts[0]
    assert remote.file.revision == repository.commit
    assert (part.size_bytes, part.sha256) == (len(content), repository.files[NAME].sha256)


def test_every_part_of_a_split_model_is_read(server: HubServer) -> None:
    names = ("m-00001-of-00002.gguf", "m-00002-of-00002.gguf")
    first, second = tiny_gguf.llama(), tiny_gguf.llama()
    second.tensors = second.tensors[:1]
    server.add_repository(REPO, dict(zip(names, (first.whole(), second.whole()), strict=True)))
    remote = read_remote_model(file_of(*names))
    assert [header.part.path for header in remote.headers] == list(names)
    assert [header.header.tensor_count for header in remote.headers] == [3, 1]


def test_a_long_header_is_fetched_in_growing_steps(server: HubServer) -> None:
    content = long_header(400_000)
    server.add_repository(REPO, {NAME: content + bytes(20 * MIB)})
    remote = read_remote_model(file_of(NAME))
    assert len(content) > 6 * MIB
    assert remote.requests == 4
    assert remote.headers[0].header.count("tokenizer.ggml.tokens") == 400_000


def test_a_server_that_ignores_ranges_is_not_read_to_the_end(server: HubServer) -> None:
    server.add_repository(REPO, {NAME: long_header() + bytes(64 * MIB)})
    server.faults = Faults(ignores_range=True)
    remote = read_remote_model(file_of(NAME))
    assert remote.headers[0].header.count("tokenizer.ggml.tokens") == 100_000
    assert remote.fetched_bytes < 8 * MIB


def test_a_broken_connection_is_taken_up_where_it_ended(server: HubServer) -> None:
    server.add_repository(REPO, {NAME: long_header()})
    server.faults = Faults(drop_after_bytes=200_000, drop_times=2)
    remote = read_remote_model(file_of(NAME))
    assert remote.headers[0].header.count("tokenizer.ggml.tokens") == 100_000


def test_another_part_of_the_file_than_asked_for_is_refused(server: HubServer) -> None:
    server.add_repository(REPO, {NAME: long_header()})
    server.faults = Faults(range_shift_bytes=1)
    with pytest.raises(HubError, match="another part"):
        read_remote_model(file_of(NAME))


def test_a_file_that_is_not_the_one_that_was_listed_is_refused(server: HubServer) -> None:
    server.add_repository(REPO, {NAME: tiny_gguf.llama().whole()})
    listed = replace(file_of(NAME), parts=(HubPart(NAME, 1, "a" * 64),))
    with pytest.raises(HubError, match="another file"):
        read_remote_model(listed)
    assert [request.port for request in server.requests] == [Port.HUB]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><p>Sign in", "web page"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS pointer"),
        (b"GGUF\x03\0\0\0" + b"\xff" * 400, "damaged"),
        (tiny_gguf.llama().whole()[:300], "incomplete"),
    ],
)
def test_what_is_no_model_is_said_in_words(server: HubServer, content: bytes, words: str) -> None:
    server.add_repository(REPO, {NAME: content})
    with pytest.raises(AppError, match=words):
        read_remote_model(file_of(NAME))


def test_a_file_that_is_gone_is_refused_by_the_hub(server: HubServer) -> None:
    server.add_repository(REPO, {NAME: b"GGUF"})
    with pytest.raises(HubError):
        read_remote_model(file_of("other.gguf"))
