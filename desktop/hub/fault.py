"""Failures of the Hub and of the way to it, put into words."""

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx2

from desktop.core.errors import AppError, Problem
from desktop.core.hub_model import HubFault, HubRefusal

HUB_ADDRESS = "https://huggingface.co"

_RATE_LIMIT = re.compile(r'"\w+"\s*;\s*r\s*=\s*(?P<left>\d+)\s*;\s*t\s*=\s*(?P<seconds>\d+)')
_GONE_CODES = frozenset({"RepoNotFound", "RevisionNotFound", "EntryNotFound"})
_AGAIN = "Try again in a few minutes."


class HubError(AppError):
    """A refusal of the Hub, or of the way to it, on its way to whoever asked."""

    def __init__(self, refusal: HubRefusal) -> None:
        problem = refusal.problem
        super().__init__(problem.title, problem.detail, problem.next_step, problem.log)
        self.refusal = refusal


@contextmanager
def in_words(repo: str = "") -> Iterator[None]:
    """Turn every failure of httpx2 and of huggingface_hub within into a HubError."""
    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        # The original may hold a signed address or a token, so no part of it is kept.
        raise HubError(refusal_of(error, repo)) from None


def refusal_of(error: Exception, repo: str = "") -> HubRefusal:
    """Put any failure of httpx2 or huggingface_hub into words.

    Args:
        error: What was raised.
        repo: ``owner/name`` of what was asked for, for the words; empty if it was none.
    """
    if isinstance(error, HubError):
        return error.refusal
    response = getattr(error, "response", None)
    if isinstance(response, httpx2.Response):
        return refusal_of_response(response, repo)
    if isinstance(error, ConnectionError):  # httpx2 has its own: this is huggingface_hub's switch
        return offline()
    if isinstance(error, httpx2.TransportError):
        return _refusal_of_transport(error)
    if isinstance(error, json.JSONDecodeError):
        return sign_in_page()
    return senseless_answer(type(error).__name__)


def refusal_of_response(response: httpx2.Response, repo: str = "") -> HubRefusal:
    """Put an answer that is an error by its status into words."""
    status, code = response.status_code, response.headers.get("X-Error-Code", "")
    message = response.headers.get("X-Error-Message", "")
    if code in _GONE_CODES or "is disabled" in message:
        is_file = code == "EntryNotFound" and repo
        return gone(f"The file in {repo}") if is_file else _gone(repo)
    if code == "GatedRepo":
        return _gated(repo)
    if status == 401 and "Invalid" in message:
        return bad_token()
    return _refusal_of_status(status, repo, retry_after_s(response.headers))


def _refusal_of_status(status: int, repo: str, wait_s: int | None) -> HubRefusal:
    match status:
        case 401 | 404 | 410:
            return _gone(repo)
        case 403:
            return _forbidden(repo)
        case 407 | 511:
            return sign_in_page()
        case 429:
            return _rate_limited(wait_s)
        case _:
            return _server_failed(status)


def retry_after_s(headers: Mapping[str, str]) -> int | None:
    """Return how long a server that limits its clients asks to wait, in seconds; None if not."""
    wait = headers.get("Retry-After", "").strip()
    if wait.isdecimal():
        return int(wait)
    limit = _RATE_LIMIT.search(headers.get("RateLimit", ""))
    return int(limit["seconds"]) if limit is not None and limit["left"] == "0" else None


def offline() -> HubRefusal:
    """Tell that the user wants no network."""
    return HubRefusal(
        HubFault.OFFLINE,
        Problem(
            "You are offline by choice",
            "The setting to stay offline is on, so nothing was asked of the Hub.",
            "Turn it off to search and download.",
        ),
    )


def sign_in_page() -> HubRefusal:
    """Tell that something else answered in place of the Hub."""
    return HubRefusal(
        HubFault.SIGN_IN_PAGE,
        Problem(
            "Another page answered in place of the Hub",
            "A proxy or the sign-in page of your network stands between this machine and the Hub.",
            "Open any web page, sign in to the network, then try again.",
        ),
    )


def senseless_answer(reason: str) -> HubRefusal:
    """Tell that an answer contradicts itself or cannot be what was asked for."""
    return HubRefusal(
        HubFault.SERVER,
        Problem(
            "The Hub's answer makes no sense",
            f"It was refused, and nothing was kept of it: {reason}.",
            "Try again. If you use a mirror, use the Hub itself.",
        ),
    )


def gone(what: str) -> HubRefusal:
    """Tell that there is no such thing on the Hub."""
    return HubRefusal(
        HubFault.GONE,
        Problem(
            "This is not on the Hub",
            f"{what} was not found: it was removed, renamed, or is private.",
            "Check the name, or add an access token if it is private.",
        ),
    )


def _gone(repo: str) -> HubRefusal:
    return gone(repo or "What was asked for")


def _gated(repo: str) -> HubRefusal:
    address = f"{HUB_ADDRESS}/{repo}" if repo else HUB_ADDRESS
    return HubRefusal(
        HubFault.GATED,
        Problem(
            "You have to accept the licence first",
            f"The makers of {repo or 'this model'} give it only to those who accept their terms.",
            f"Accept them at {address}, add an access token here, then try again.",
        ),
    )


def _forbidden(repo: str) -> HubRefusal:
    return HubRefusal(
        HubFault.GATED,
        Problem(
            "The Hub does not let you have this",
            f"Access to {repo or 'it'} was denied: a token is missing, or it may not read this.",
            "Add an access token that may read it, then try again.",
        ),
    )


def mirror_gets_no_token() -> HubRefusal:
    """Tell that tokens go to the Hub itself only."""
    return HubRefusal(
        HubFault.GATED,
        Problem(
            "A mirror gets no access token",
            "Tokens are sent to huggingface.co only, and you use a mirror in its place.",
            "Take the address of the mirror out of the settings, then try again.",
        ),
    )


def bad_token() -> HubRefusal:
    """Tell that the Hub does not accept the access token."""
    return HubRefusal(
        HubFault.GATED,
        Problem(
            "The Hub does not know this access token",
            "It was mistyped, has expired, or was revoked.",
            f"Make a new one at {HUB_ADDRESS}/settings/tokens and add it here.",
        ),
    )


def _rate_limited(wait_s: int | None) -> HubRefusal:
    next_step = _AGAIN if wait_s is None else f"Try again in {_as_time(wait_s)}."
    return HubRefusal(
        HubFault.RATE_LIMITED,
        Problem(
            "The Hub asks you to slow down",
            "Too many requests came from your address in a short time.",
            next_step,
        ),
    )


def _server_failed(status: int) -> HubRefusal:
    return HubRefusal(
        HubFault.SERVER,
        Problem("The Hub failed", f"It answered with error {status}.", _AGAIN),
    )


def _refusal_of_transport(error: httpx2.TransportError) -> HubRefusal:
    if _is_bad_certificate(error):
        return HubRefusal(
            HubFault.SIGN_IN_PAGE,
            Problem(
                "The connection to the Hub is not safe",
                "Its certificate is not the Hub's: a proxy or a sign-in page may be in between.",
                "Sign in to your network, or check this machine's clock and certificates.",
            ),
        )
    if isinstance(error, httpx2.ProxyError):
        detail = "The proxy that this machine is set to use refused the connection."
    elif isinstance(error, httpx2.TimeoutException):
        detail = "It gave no answer for 10 seconds."
    elif isinstance(error, httpx2.ConnectError):
        detail = "No connection could be made."
    else:
        detail = "The connection broke off."
    return HubRefusal(
        HubFault.NO_NETWORK,
        Problem(
            "The Hub cannot be reached",
            detail,
            "Check your network, then try again. Models on this machine work without it.",
            (type(error).__name__,),
        ),
    )


def _is_bad_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _as_time(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} seconds" if seconds != 1 else "1 second"
    return f"{-(-seconds // 60)} minutes"
