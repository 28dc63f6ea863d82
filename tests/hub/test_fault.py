"""Every failure has words, and none of them gives a secret away."""

import ssl

import httpx2
import pytest

from desktop.core.hub_model import HubFault, HubRefusal
from desktop.hub.fault import (
    HubError,
    gone,
    in_words,
    offline,
    refusal_of,
    refusal_of_response,
    retry_after_s,
    senseless_answer,
    sign_in_page,
)

REQUEST = httpx2.Request("GET", "https://cdn.example/m.gguf?Signature=secret")


def answer(status: int, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx2.Response(status, headers=named, request=REQUEST)


def certificate_error() -> Exception:
    error = httpx2.ConnectError("tls", request=REQUEST)
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    return error


ERRORS = [
    (httpx2.ConnectError("refused"), HubFault.NO_NETWORK),
    (httpx2.ConnectTimeout("slow"), HubFault.NO_NETWORK),
    (httpx2.ReadTimeout("slow"), HubFault.NO_NETWORK),
    (httpx2.ReadError("reset"), HubFault.NO_NETWORK),
    (httpx2.RemoteProtocolError("closed"), HubFault.NO_NETWORK),
    (httpx2.ProxyError("407"), HubFault.NO_NETWORK),
    (certificate_error(), HubFault.SIGN_IN_PAGE),
    (httpx2.TooManyRedirects("21"), HubFault.SERVER),
    (httpx2.DecodingError("gzip"), HubFault.SERVER),
    (httpx2.InvalidURL("x"), HubFault.SERVER),
    (ConnectionError("offline mode is enabled"), HubFault.OFFLINE),
    (ValueError("secret"), HubFault.SERVER),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "secret"), HubFault.SERVER),
    (HubError(gone("it")), HubFault.GONE),
]


@pytest.mark.parametrize(("error", "fault"), ERRORS)
def test_every_error_has_words(error, fault):
    refusal = refusal_of(error, "o/r")
    assert refusal.fault is fault
    words = refusal.problem
    assert words.title
    assert words.detail.endswith(".")
    assert words.next_step.endswith(".")
    assert "secret" not in f"{words}"


@pytest.mark.parametrize(
    ("response", "fault", "words"),
    [
        (answer(401, X_Error_Code="GatedRepo"), HubFault.GATED, "https://huggingface.co/o/r"),
        (answer(403, X_Error_Code="GatedRepo"), HubFault.GATED, "access token"),
        (answer(403), HubFault.GATED, "o/r"),
        (answer(403, X_Error_Message="Access to this resource is disabled."), HubFault.GONE, "o/r"),
        (answer(401), HubFault.GONE, "o/r"),
        (
            answer(401, X_Error_Message="Invalid credentials in Authorization header"),
            HubFault.GATED,
            "settings/tokens",
        ),
        (answer(404, X_Error_Code="EntryNotFound"), HubFault.GONE, "removed"),
        (answer(429, Retry_After="45"), HubFault.RATE_LIMITED, "45 seconds"),
        (answer(429, Retry_After="1"), HubFault.RATE_LIMITED, "in 1 second."),
        (answer(429, RateLimit='"api";r=0;t=290'), HubFault.RATE_LIMITED, "5 minutes"),
        (answer(429), HubFault.RATE_LIMITED, "a few minutes"),
        (answer(503), HubFault.SERVER, "503"),
    ],
)
def test_an_answer_is_told_by_its_status_and_code(response, fault, words):
    refusal = refusal_of_response(response, "o/r")
    assert refusal.fault is fault
    assert words in refusal.problem.sentence()
    assert "secret" not in refusal.problem.sentence()
    assert refusal_of(httpx2.HTTPStatusError("x", request=REQUEST, response=response), "o/r") == (
        refusal
    )


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "²"}, None),
        ({"RateLimit": '"api";r=0;t=55'}, 55),
        ({"RateLimit": '"api";r=12;t=55'}, None),
        ({}, None),
    ],
)
def test_the_time_to_wait_is_read(headers, wait_s):
    assert retry_after_s(headers) == wait_s


@pytest.mark.parametrize(
    "refusal", [offline(), sign_in_page(), senseless_answer("it lies"), gone("x")]
)
def test_a_refusal_reads_as_a_sentence(refusal: HubRefusal):
    assert str(HubError(refusal)) == refusal.problem.sentence()


def test_the_original_error_is_not_carried_along():
    with pytest.raises(HubError) as caught, in_words():
        raise httpx2.ConnectError("https://cdn.example/?Signature=secret")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_mistakes_of_our_own_are_not_hidden():
    with pytest.raises(KeyError), in_words():
        raise KeyError("a bug")


def test_a_file_that_is_missing_is_told_from_a_repository_that_is():
    missing = refusal_of_response(answer(404, X_Error_Code="EntryNotFound"), "owner/name")
    assert missing.problem.detail.startswith("The file in owner/name")
    whole = refusal_of_response(answer(404, X_Error_Code="RepoNotFound"), "owner/name")
    assert whole.problem.detail.startswith("owner/name")
