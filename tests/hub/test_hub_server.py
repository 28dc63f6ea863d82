"""The Hub of the tests does what the true one does, and fails as it is told to."""

import hashlib
import threading
from pathlib import Path

import httpx2
import pytest
from hub_server import FOREVER, Faults, HubServer, Port, Refusal

BODY = bytes(range(256)) * 4096


@pytest.fixture
def client():
    with httpx2.Client(timeout=5, trust_env=False) as client:
        yield client


@pytest.fixture
def link(server: HubServer, client: httpx2.Client) -> str:
    server.add_repository("o/r", {"m.gguf": BODY})
    return resolve(server, client)


def resolve(server: HubServer, client: httpx2.Client) -> str:
    return client.head(f"{server.endpoint}/o/r/resolve/main/m.gguf").headers["Location"]


def test_a_file_is_resolved_to_the_cdn_with_its_facts(server, client):
    commit = server.add_repository("o/r", {"m.gguf": BODY}).commit
    answer = client.head(f"{server.endpoint}/o/r/resolve/main/m.gguf")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(server.cdn)
    assert answer.headers["X-Linked-Etag"] == f'"{hashlib.sha256(BODY).hexdigest()}"'
    assert answer.headers["X-Linked-Size"] == str(len(BODY))
    assert answer.headers["X-Repo-Commit"] == commit


@pytest.mark.parametrize("is_on_disk", [False, True])
def test_a_file_comes_whole_and_in_ranges(server, client, tmp_path: Path, is_on_disk: bool):
    (tmp_path / "m.gguf").write_bytes(BODY)
    server.add_repository("o/r", {"m.gguf": tmp_path / "m.gguf" if is_on_disk else BODY})
    link = resolve(server, client)
    assert client.get(link).content == BODY
    part = client.get(link, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, BODY[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(BODY)}"
    assert client.get(link, headers={"Range": "bytes=1048000-"}).content == BODY[1048000:]
    assert client.get(link, headers={"Range": f"bytes={len(BODY)}-"}).status_code == 416
    assert server.bytes_sent == len(BODY) + 1000 + len(BODY) - 1048000
    assert [one.range for one in server.requests if one.port is Port.CDN][:2] == [
        "",
        "bytes=1000-1999",
    ]


def test_a_connection_drops_as_often_as_told(server, client, link):
    server.faults = Faults(drop_after_bytes=1000, drop_times=1)
    with pytest.raises(httpx2.RemoteProtocolError):
        client.get(link)
    assert client.get(link).content == BODY


def test_a_stall_gives_nothing_more(server, client, link):
    server.faults = Faults(stall_after_bytes=1000, stall_times=1)
    with pytest.raises(httpx2.ReadTimeout):
        client.get(link, timeout=0.2)
    assert client.get(link).content == BODY


def test_a_stall_and_a_throttle_do_not_keep_the_server_open(client):
    with HubServer() as server:
        server.add_repository("o/r", {"m.gguf": BODY})
        link = resolve(server, client)
        server.faults = Faults(stall_after_bytes=10, stall_times=1, bytes_per_s=100)
        ended = [threading.Thread(target=_read_to_the_end, args=(link,)) for _ in range(2)]
        for thread in ended:
            thread.start()
        while server.bytes_sent < 12:
            threading.Event().wait(0.01)
    for thread in ended:
        thread.join(2)
        assert not thread.is_alive()


def _read_to_the_end(link: str) -> None:
    with httpx2.Client(trust_env=False) as client, pytest.raises(httpx2.TransportError):
        client.get(link)


def test_a_throttle_holds_each_connection(server, client, link):
    server.faults = Faults(bytes_per_s=2_000_000)
    answer = client.get(link, headers={"Range": "bytes=0-399999"})
    assert answer.content == BODY[:400_000]
    assert answer.elapsed.total_seconds() > 0.15


@pytest.mark.parametrize("is_on_disk", [False, True])
def test_one_byte_is_spoiled(server, client, tmp_path, is_on_disk):
    (tmp_path / "m.gguf").write_bytes(BODY)
    server.add_repository("o/r", {"m.gguf": tmp_path / "m.gguf" if is_on_disk else BODY})
    link = resolve(server, client)
    server.faults = Faults(corrupt_at=70_000, corrupt_times=1)
    assert client.get(link, headers={"Range": "bytes=0-69999"}).content == BODY[:70_000]
    spoiled = client.get(link).content
    assert [at for at, byte in enumerate(spoiled) if byte != BODY[at]] == [70_000]
    assert client.get(link).content == BODY


def test_ranges_are_ignored_shifted_or_refused(server, client, link):
    headers = {"Range": "bytes=100-199"}
    server.faults = Faults(ignores_range=True)
    assert client.get(link, headers=headers).status_code == 200
    server.faults = Faults(range_shift_bytes=10)
    assert client.get(link, headers=headers).headers["Content-Range"].startswith("bytes 110-199/")
    server.faults = Faults(refuses_ranges_times=1)
    assert client.get(link, headers=headers).status_code == 416
    assert client.get(link, headers=headers).status_code == 206


def test_a_refusal_ends_after_as_many_as_told_and_keeps_to_its_port(server, client, link):
    server.faults.refusal = Refusal(429, headers={"Retry-After": "3"}, times=2, where=Port.CDN)
    resolve(server, client)
    answers = [client.get(link) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "3"


def test_signed_links_expire_and_new_ones_work(server, client, link):
    server.faults.link_uses = 1
    assert [client.head(link).status_code for _ in range(2)] == [200, 403]
    server.faults.link_uses = None
    link = resolve(server, client)
    assert client.head(link).status_code == 200
    server.expire_links()
    assert client.head(link).status_code == 403
    assert client.head(resolve(server, client)).status_code == 200


def test_facts_are_false_or_missing_as_told(server, client, link):
    server.faults = Faults(
        etag="../../../X", cdn_etag="Y", linked_size=5, omitted_headers=frozenset({"x-repo-commit"})
    )
    answer = client.head(f"{server.endpoint}/o/r/resolve/main/m.gguf")
    assert answer.headers["X-Linked-Etag"] == '"../../../X"'
    assert answer.headers["X-Linked-Size"] == "5"
    assert "X-Repo-Commit" not in answer.headers
    assert client.head(link).headers["ETag"] == '"Y"'


def test_a_portal_answers_everything(server, client, link):
    server.faults.is_portal = True
    for address in (f"{server.endpoint}/api/models", link):
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "text/html"
        assert b"sign in" in answer.content


def test_files_lead_elsewhere(server, client, link):
    server.faults.redirect = "http://127.0.0.1:1/elsewhere"
    assert resolve(server, client) == "http://127.0.0.1:1/elsewhere"


def test_a_gated_repository_is_for_those_who_accepted(server, client):
    server.add_user("t1", "bob")
    server.add_repository("o/r", {"m.gguf": BODY}, gated=True, granted={"alice"})
    address = f"{server.endpoint}/o/r/resolve/main/m.gguf"
    statuses = [
        client.head(address, headers={"Authorization": f"Bearer {token}"} if token else {})
        for token in ("", "t1", "hf_secret_of_alice")
    ]
    assert [answer.status_code for answer in statuses] == [401, 403, 302]
    assert [answer.headers.get("X-Error-Code") for answer in statuses[:2]] == ["GatedRepo"] * 2
    assert [request.is_authorized for request in server.requests] == [False, True, True]


def test_an_earlier_commit_stays(server, client):
    before = server.add_repository("o/r", {"m.gguf": b"GGUF1"}).commit
    after = server.add_repository("o/r", {"m.gguf": b"GGUF2"}).commit
    assert before != after
    for commit, body in ((before, b"GGUF1"), (after, b"GGUF2")):
        answer = client.head(f"{server.endpoint}/o/r/resolve/{commit}/m.gguf")
        assert answer.headers["X-Repo-Commit"] == commit
        assert client.get(answer.headers["Location"]).content == body
    assert client.head(f"{server.endpoint}/o/r/resolve/{'0' * 40}/m.gguf").status_code == 404


def test_a_search_comes_in_pages(server, client):
    for number in range(5):
        server.add_repository(f"o/m{number}", {"m.gguf": BODY}, downloads=number)
    server.add_repository("o/other", {"m.safetensors": b"x"}, downloads=9)
    address = f"{server.endpoint}/api/models?filter=gguf&sort=downloads&limit=2"
    names = []
    while address:
        answer = client.get(address)
        names.append([model["id"] for model in answer.json()])
        address = answer.links.get("next", {}).get("url")
    assert names == [["o/m4", "o/m3"], ["o/m2", "o/m1"], ["o/m0"]]


def test_a_mistake_of_the_server_is_told_at_its_end(client):
    server = HubServer()
    server.shelf = None
    with pytest.raises(AttributeError), server:
        _fail_to_search(server, client)


def _fail_to_search(server: HubServer, client: httpx2.Client) -> None:
    with pytest.raises(httpx2.TransportError):
        client.get(f"{server.endpoint}/api/models")


def test_forever_is_long():
    assert Faults().drop_times == FOREVER
