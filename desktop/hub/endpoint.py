"""The address of the Hub or of a mirror, and what may be sent where."""

import os
from urllib.parse import urlsplit

from desktop.core.hub_environment import DEFAULT_ENDPOINT

LOOPBACK_VARIABLE = "HEFT_LOOPBACK_HUB"
"""Set to 1 by tests only: then a Hub at http://127.0.0.1 may be sent the access token."""

_HUB_HOST = "huggingface.co"


def endpoint() -> str:
    """Return the address of the Hub, or of the mirror in its place, without a slash at the end."""
    return (os.environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT).rstrip("/")


def is_safe(url: str) -> bool:
    """Whether a file may be fetched from there: over https, or as the endpoint itself."""
    parts = urlsplit(url)
    return bool(parts.hostname) and parts.scheme in {"https", urlsplit(endpoint()).scheme}


def may_carry_token(address: str) -> bool:
    """Whether the access token may be sent there: to the Hub's own host, over https, only."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return parts.hostname == _HUB_HOST and parts.port in {None, 443}
    is_test = os.environ.get(LOOPBACK_VARIABLE) == "1"
    return is_test and parts.scheme == "http" and parts.hostname == "127.0.0.1"


def has_same_origin(one: str, other: str) -> bool:
    """Whether two addresses are served by the same scheme, host and port."""
    first, second = urlsplit(one), urlsplit(other)
    origins = [(parts.scheme, parts.hostname, parts.port) for parts in (first, second)]
    return origins[0] == origins[1]
