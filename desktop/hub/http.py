"""The HTTP client for the Hub: patient for a known time, never signed in, never led astray."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from desktop import __version__
from desktop.hub.fault import (
    HubError,
    offline,
    refusal_of_response,
    senseless_answer,
    sign_in_page,
)

TIMEOUT_S = 10.0
"""For each of: connecting, waiting for the next bytes, sending, and waiting for a connection."""

USER_AGENT = f"heft/{__version__}"

_MAXIMUM_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the Hub.

    Attributes:
        content: The body, unpacked.
        next_query: The query of the next page's address; empty on the last page.
    """

    content: bytes
    next_query: str

    def json(self) -> object:
        """Return what the body says.

        Raises:
            HubError: It is no JSON.
        """
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            is_page = self.content.lstrip().startswith(b"<")
            refusal = sign_in_page() if is_page else senseless_answer("it is not JSON")
            raise HubError(refusal) from None


def open_client() -> httpx2.Client:
    """Open a client that verifies certificates and takes proxies from the environment.

    It adds no authorization, asks for bytes as they are (no compression), follows a few redirects
    but none from https to http, and never waits longer than TIMEOUT_S. Close it after use.

    Raises:
        HubError: The user wants no network.
    """
    if is_offline():
        raise HubError(offline())
    return httpx2.Client(
        headers={"Accept-Encoding": "identity", "User-Agent": USER_AGENT},
        timeout=httpx2.Timeout(TIMEOUT_S),
        follow_redirects=True,
        max_redirects=_MAXIMUM_REDIRECTS,
        event_hooks={"request": [set_timeouts], "response": [refuse_downgrade]},
    )


def fetch(
    client: httpx2.Client,
    address: str,
    headers: Mapping[str, str],
    *,
    repo: str = "",
    limit_bytes: int,
) -> Answer:
    """Fetch a small answer; what is longer than the limit is cut off.

    Args:
        client: Of huggingface_hub, or one of `open_client`.
        address: All of it.
        headers: To be sent along.
        repo: ``owner/name`` of what is asked for, for the words of a refusal.
        limit_bytes: How much is read, unpacked.

    Raises:
        HubError: The answer is an error.
        httpx2.HTTPError: There was no answer.
    """
    with client.stream("GET", address, headers=headers) as response:
        if response.is_error:
            raise HubError(refusal_of_response(response, repo))
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > limit_bytes:
                break
        following = response.links.get("next", {}).get("url", "")
    return Answer(bytes(body[:limit_bytes]), urlsplit(following).query)


def is_offline() -> bool:
    """Whether this process was started with the network switched off."""
    return os.environ.get("HF_HUB_OFFLINE") == "1"


def set_timeouts(request: httpx2.Request) -> None:
    """Fill in the timeouts that a request lacks; huggingface_hub sends most without any."""
    given = request.extensions.get("timeout") or {}
    chosen = {name: limit for name, limit in given.items() if limit is not None}
    request.extensions["timeout"] = httpx2.Timeout(TIMEOUT_S).as_dict() | chosen


def refuse_downgrade(response: httpx2.Response) -> None:
    """Refuse to be led from a safe address to an unsafe one.

    Raises:
        HubError: It was tried.
    """
    target = response.headers.get("Location", "")
    if response.url.scheme == "https" and target.lower().startswith("http:"):
        raise HubError(senseless_answer("it leads to an address that is not safe"))
