"""The client for files: bounded in time and place."""

import httpx2
import pytest
from hub_server import Faults, HubServer, Refusal

from desktop.core.hub_model import HubFault
from desktop.hub.fault import HubError
from desktop.hub.http import Answer, fetch, open_client, refuse_downgrade, set_timeouts


def test_a_client_has_limits_and_no_secrets(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with open_client() as client:
        assert client.timeout == httpx2.Timeout(10)
        assert client.get(f"{server.endpoint}/api/models").status_code == 200
    [request] = server.requests
    assert not request.is_authorized
    assert request.user_agent.startswith("heft/")


def test_a_request_without_timeouts_gets_them():
    request = httpx2.Request("GET", "https://x.example")
    for given in (None, {"connect": None, "read": 3.0, "write": None, "pool": None}):
        request.extensions = {} if given is None else {"timeout": given}
        set_timeouts(request)
        limits = request.extensions["timeout"]
        assert limits == {"connect": 10, "read": given["read"] if given else 10} | {
            "write": 10,
            "pool": 10,
        }


@pytest.mark.parametrize(
    ("start", "target", "is_refused"),
    [
        ("https://x.example", "http://x.example", True),
        ("https://x.example", "HTTP://x.example", True),
        ("https://x.example", "https://y.example", False),
        ("https://x.example", "/other", False),
        ("http://127.0.0.1", "http://127.0.0.1:8", False),
    ],
)
def test_a_safe_address_leads_to_safe_ones_only(start, target, is_refused):
    response = httpx2.Response(
        302, headers={"Location": target}, request=httpx2.Request("GET", start)
    )
    if is_refused:
        with pytest.raises(HubError):
            refuse_downgrade(response)
    else:
        refuse_downgrade(response)


def test_redirects_end(server):
    refusal = Refusal(302, headers={"Location": "/again"}, times=100)
    server.faults.refusal = refusal
    with open_client() as client, pytest.raises(httpx2.TooManyRedirects):
        client.get(f"{server.endpoint}/x")
    assert len(server.requests) == 6


def test_a_long_answer_is_cut_off(server: HubServer):
    server.add_repository("o/r", {"README.md": b"x" * 1_000_000})
    server.faults = Faults(bytes_per_s=10_000_000)
    with open_client() as client:
        address = f"{server.endpoint}/o/r/resolve/main/README.md"
        answer = fetch(client, address, {}, limit_bytes=1000)
    assert answer.content == b"x" * 1000
    assert answer.next_query == ""


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"\n <html>", HubFault.SIGN_IN_PAGE), (b'{"a": ', HubFault.SERVER), (b"", HubFault.SERVER)],
)
def test_what_is_no_json_is_told_of(content, fault):
    with pytest.raises(HubError) as caught:
        Answer(content, "").json()
    assert caught.value.refusal.fault is fault


def test_deep_json_is_refused():
    with pytest.raises(HubError):
        Answer(b"[" * 200_000, "").json()
