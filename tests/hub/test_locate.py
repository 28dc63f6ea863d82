"""Where a file is: asked of the real client, believed only if it can be true."""

import hashlib

import pytest
from hub_server import Faults, HubServer, Port, Refusal

from desktop.core.hub_model import HubFault
from desktop.hub.api import locate
from desktop.hub.endpoint import may_carry_token
from desktop.hub.fault import HubError
from desktop.hub.http import open_client

BODY = b"GGUF" + bytes(1000)


@pytest.fixture
def commit(server: HubServer) -> str:
    return server.add_repository("o/r", {"q/m.gguf": BODY}).commit


def refusal(repo: str = "o/r", path: str = "q/m.gguf", revision: str = "main") -> HubFault:
    with pytest.raises(HubError) as caught:
        locate(repo, path, revision)
    assert caught.value.problem.title
    return caught.value.refusal.fault


def test_a_file_is_located_in_one_request(server, commit):
    found = locate("o/r", "q/m.gguf", "main")
    assert (found.commit, found.size_bytes) == (commit, len(BODY))
    assert found.sha256 == hashlib.sha256(BODY).hexdigest()
    assert found.url.startswith(server.cdn)
    assert found.headers == {}
    assert server.paths() == ["HEAD /o/r/resolve/main/q/m.gguf"]
    with open_client() as client:
        assert client.get(found.url).content == BODY


def test_a_signed_address_is_not_shown(server, commit):
    assert "Signature" not in repr(locate("o/r", "q/m.gguf", "main"))


def test_a_file_that_moved_with_its_repository_is_found(server, commit):
    server.moved["old/name"] = "o/r"
    assert locate("old/name", "q/m.gguf", "main").commit == commit


@pytest.mark.parametrize(
    "etag", ["../../../X", "x", "", "0" * 40, "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "!"]
)
def test_a_checksum_that_is_none_is_refused(server, commit, etag):
    server.faults.etag = etag
    assert refusal() is HubFault.SERVER


@pytest.mark.parametrize("size", [0, -1])
def test_a_size_that_cannot_be_is_refused(server, commit, size):
    server.faults.linked_size = size
    assert refusal() is HubFault.SERVER


def test_a_missing_size_is_refused(server, commit):
    server.faults.omitted_headers = frozenset({"x-linked-size"})
    assert refusal() is HubFault.SERVER


def test_another_version_than_asked_for_is_refused(server, commit):
    earlier = commit
    server.add_repository("o/r", {"q/m.gguf": BODY + b"!"})
    assert locate("o/r", "q/m.gguf", earlier).commit == earlier
    assert refusal(revision="0" * 40) is HubFault.GONE


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/m", "javascript:1"])
def test_an_address_that_is_no_web_address_is_refused(server, commit, address):
    server.faults.redirect = address
    assert refusal() is HubFault.SERVER


def test_a_portal_is_recognised(server, commit):
    server.faults.is_portal = True
    assert refusal() is HubFault.SIGN_IN_PAGE


def test_what_is_not_there_is_gone(server, commit):
    assert refusal(path="other.gguf") is HubFault.GONE
    assert refusal(revision="other") is HubFault.GONE
    assert refusal(repo="o/other") is HubFault.GONE


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (401, HubFault.GONE),
        (403, HubFault.GATED),
        (407, HubFault.SIGN_IN_PAGE),
        (418, HubFault.SERVER),
        (429, HubFault.RATE_LIMITED),
        (500, HubFault.SERVER),
        (503, HubFault.SERVER),
        (511, HubFault.SIGN_IN_PAGE),
    ],
)
def test_an_error_is_told_at_once(server, commit, status, fault):
    server.faults.refusal = Refusal(status, times=100)
    assert refusal() is fault
    assert len(server.requests) == 1


def test_a_gated_file_says_where_to_accept_the_licence(server):
    server.add_repository("o/r", {"m.gguf": BODY}, gated=True)
    with pytest.raises(HubError) as caught:
        locate("o/r", "m.gguf", "main")
    assert caught.value.refusal.fault is HubFault.GATED
    assert "https://huggingface.co/o/r" in caught.value.problem.next_step


def test_a_server_that_is_not_there_is_told_of(server, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert refusal() is HubFault.NO_NETWORK


def test_offline_nothing_is_asked(server, commit, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert refusal() is HubFault.OFFLINE
    with pytest.raises(HubError):
        open_client()
    assert server.requests == []


@pytest.mark.usefixtures("signed_in")
def test_the_token_opens_a_gated_file_and_stays_at_the_hub(server):
    server.add_repository("o/r", {"m.gguf": BODY}, gated=True, granted={"alice"})
    found = locate("o/r", "m.gguf", "main")
    assert found.headers == {}
    with open_client() as client:
        assert client.get(found.url).status_code == 200
    assert [(one.port, one.is_authorized) for one in server.requests] == [
        (Port.HUB, True),
        (Port.CDN, False),
    ]


@pytest.mark.usefixtures("signed_in")
def test_the_token_goes_along_where_the_hub_itself_has_the_file(server):
    server.has_cdn = False
    server.add_repository("o/r", {"m.gguf": BODY}, gated=True, granted={"alice"})
    found = locate("o/r", "m.gguf", "main")
    assert "hf_secret" not in repr(found)
    with open_client() as client:
        assert client.get(found.url, headers=found.headers).content == BODY


@pytest.mark.usefixtures("signed_in")
def test_a_mirror_never_gets_the_token(server, commit, monkeypatch):
    monkeypatch.delenv("HEFT_LOOPBACK_HUB")
    server.has_cdn = False
    assert locate("o/r", "q/m.gguf", "main").headers == {}
    assert [one.is_authorized for one in server.requests] == [False]


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://huggingface.co", True),
        ("https://huggingface.co/o/r", True),
        ("https://huggingface.co:443/o/r", True),
        ("http://huggingface.co", False),
        ("https://huggingface.co:8443", False),
        ("https://huggingface.co.evil.example", False),
        ("https://huggingface.co@evil.example", False),
        ("https://evil.example/huggingface.co", False),
        ("https://cdn.huggingface.co", False),
        ("http://127.0.0.1:5000", False),
        ("http://localhost", False),
    ],
)
def test_the_token_goes_to_the_hub_over_https_only(monkeypatch, address, may):
    monkeypatch.delenv("HEFT_LOOPBACK_HUB", raising=False)
    assert may_carry_token(address) is may


@pytest.mark.usefixtures("signed_in")
def test_a_connection_that_stalls_is_given_up(server, commit, monkeypatch):
    monkeypatch.setattr("desktop.hub.http.TIMEOUT_S", 0.2)
    monkeypatch.setattr("desktop.hub.api.TIMEOUT_S", 0.2)
    server.has_cdn = False
    server.faults = Faults(stall_after_bytes=10)
    found = locate("o/r", "q/m.gguf", "main")
    with open_client() as client, pytest.raises(Exception, match="timed out"):
        client.get(found.url)
