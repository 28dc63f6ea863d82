"""Searching the Hub, listing its repositories and files; the only importer of huggingface_hub."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urljoin

import httpx2
import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.utils._http import hf_request_event_hook

from desktop.core.hub_address import parse_hub_address
from desktop.core.hub_model import HubAccess, HubFault, HubPage, HubQuery, HubRepository, HubSummary
from desktop.hub.card_text import first_sentences
from desktop.hub.endpoint import endpoint, has_same_origin, is_safe, may_carry_token
from desktop.hub.fault import (
    HubError,
    bad_token,
    gone,
    in_words,
    mirror_gets_no_token,
    offline,
    senseless_answer,
    sign_in_page,
)
from desktop.hub.http import (
    TIMEOUT_S,
    USER_AGENT,
    Answer,
    fetch,
    is_offline,
    refuse_downgrade,
    set_timeouts,
)
from desktop.hub.listing import Json, has_file, is_gguf, repository_of, summary_of
from desktop.hub.search_terms import EXPANDED, first_cursor, is_wanted
from desktop.system.memory_probe import machine_memory

_CARD = "README.md"
_CARD_BYTES = 64 * 1024
_ANSWER_BYTES = 16 * 1024**2
_ENOUGH_MODELS = 10
_MAXIMUM_PAGES = 5
"""So many pages of the Hub are read for one of ours, until enough models pass the filters."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_ACCESS_TOKEN = re.compile(r"[!-~]{1,500}")


@dataclass(frozen=True, slots=True)
class RemoteLocation:
    """Where the bytes of a file are, and what they must be.

    Attributes:
        url: To be fetched as it is; it may be signed and expire, so it is never logged or kept.
        commit: 40 hexadecimal digits.
        headers: To be sent along, to this address only; empty for another origin than the Hub's.
    """

    url: str = field(repr=False)
    size_bytes: int
    sha256: str
    commit: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)


def locate(repo: str, path: str, revision: str) -> RemoteLocation:
    """Ask the Hub where a file is, in one request; again when the address has expired.

    Args:
        repo: ``owner/name``.
        path: In the repository.
        revision: A commit, or a branch.

    Raises:
        HubError: The Hub refused, cannot be reached, or says what cannot be true.
    """
    _require_network()
    with in_words(repo):
        address = huggingface_hub.hf_hub_url(repo, path, revision=revision, endpoint=endpoint())
        found = huggingface_hub.get_hf_file_metadata(
            address, token=False, headers=_headers(address), timeout=TIMEOUT_S
        )
    if found.commit_hash is None:
        raise HubError(sign_in_page())
    url = urljoin(address, found.location)
    reason = _doubt(found, revision) or ("" if is_safe(url) else "its address is not safe")
    if reason or found.size is None or found.etag is None:
        raise HubError(senseless_answer(reason or "it does not say how large the file is"))
    headers = {}
    if has_same_origin(url, address) and (token := _token_for(url)):
        headers["Authorization"] = f"Bearer {token}"
    return RemoteLocation(url, found.size, found.etag, found.commit_hash, headers)


def search(query: HubQuery) -> HubPage:
    """Return one page of a search for repositories with GGUF files.

    Words that name a repository, or its address, find that repository alone; if it has no GGUF
    files, those that were made from it. The Hub itself searches, sorts, and knows of licences and
    gates. It cannot filter by size class and by what fits this machine: that is done here, so
    several pages of the Hub may be read for one of ours.

    Raises:
        HubError: The Hub refused, cannot be reached, or says what cannot be true.
    """
    _require_network()
    cursor = query.cursor or first_cursor(query)
    address = parse_hub_address(query.words)
    if address is not None and not query.cursor:
        named = _named_repository(address.repo)
        if named is not None and is_gguf(named):
            return HubPage(query, (summary_of(named),), "")
        if named is not None:
            cursor = first_cursor(query, made_from=address.repo)
    return _search_from(cursor, query)


def open_repository(repo: str) -> HubRepository:
    """Return a repository as its newest commit has it.

    Args:
        repo: ``owner/name``.

    Raises:
        HubError: The Hub refused, cannot be reached, or says what cannot be true.
    """
    _require_network()
    address = parse_hub_address(repo)
    if address is None or address.repo != repo:
        raise HubError(gone(repo))
    answer = _fetch_object(repo, {"blobs": "true"})
    return repository_of(answer, _description(repo, answer))


def save_token(token: str) -> HubAccess:
    """Check an access token and keep it, in huggingface_hub's own file that only the user reads.

    Raises:
        HubError: The Hub does not know it, or cannot be asked; then it is not kept.
    """
    _require_network()
    if not may_carry_token(endpoint()):
        raise HubError(mirror_gets_no_token())
    if _ACCESS_TOKEN.fullmatch(token.strip()) is None:
        raise HubError(bad_token())
    with _about_a_token():
        huggingface_hub.login(token.strip(), add_to_git_credential=False)
    return access()


def forget_token() -> HubAccess:
    """Delete the access tokens that are kept; one in the environment variable HF_TOKEN stays."""
    for path in (constants.HF_TOKEN_PATH, constants.HF_STORED_TOKENS_PATH):
        Path(path).unlink(missing_ok=True)
    return HubAccess(has_token=huggingface_hub.get_token() is not None)


def access() -> HubAccess:
    """Return whose token is kept; without a name if a mirror is used, which never sees it.

    Raises:
        HubError: The Hub does not know the token, or cannot be asked.
    """
    token = huggingface_hub.get_token()
    if token is None:
        return HubAccess()
    _require_network()
    if not may_carry_token(endpoint()):
        return HubAccess(has_token=True)
    with _about_a_token():
        known = huggingface_hub.HfApi(endpoint=endpoint()).whoami(token)
    return HubAccess(str(known.get("name", "")), has_token=True)


def _doubt(found: huggingface_hub.HfFileMetadata, revision: str) -> str:
    """Return what is wrong with the facts of a file; empty if nothing is."""
    if _COMMIT.fullmatch(found.commit_hash or "") is None:
        return "the version of the file is no commit"
    if _COMMIT.fullmatch(revision) and found.commit_hash != revision:
        return "it is about another version of the file"
    if _SHA256.fullmatch(found.etag or "") is None:
        return "the checksum of the file is no SHA-256"
    if found.size is not None and found.size <= 0:
        return "the file is empty"
    return ""


def _named_repository(repo: str) -> Json | None:
    """Fetch what a search lists of a repository; None if there is no such."""
    try:
        return _fetch_object(repo, {"expand": EXPANDED})
    except HubError as error:
        if error.refusal.fault is HubFault.GONE:
            return None
        raise


def _search_from(cursor: str, query: HubQuery) -> HubPage:
    """Read pages of the Hub until enough models pass the filters that it lacks."""
    total_bytes = machine_memory().total_bytes
    models: list[HubSummary] = []
    for _ in range(_MAXIMUM_PAGES):
        # Of the next page's address only the query is used: it cannot lead off the endpoint.
        answer = _fetch("/api/models", cursor)
        listed = answer.json()
        if not isinstance(listed, list):
            raise HubError(senseless_answer("a search has no list"))
        found = [summary_of(item) for item in listed if isinstance(item, dict)]
        models += [model for model in found if is_wanted(model, query, total_bytes)]
        cursor = answer.next_query
        if not cursor or len(models) >= _ENOUGH_MODELS:
            break
    return HubPage(query, tuple(models), cursor)


def _description(repo: str, answer: Json) -> str:
    """Fetch the first sentences of the card; empty if that fails, as a model is no worse for it."""
    if not has_file(answer, _CARD):
        return ""
    path = f"/{repo}/resolve/{answer.get('sha')}/{_CARD}"
    try:
        card = _fetch(path, "", repo, limit_bytes=_CARD_BYTES).content
    except HubError:
        return ""
    return first_sentences(card.decode(errors="replace"))


def _fetch_object(repo: str, parameters: Mapping[str, object]) -> Json:
    answer = _fetch(f"/api/models/{repo}", urlencode(parameters, doseq=True), repo).json()
    if not isinstance(answer, dict):
        raise HubError(senseless_answer("what was asked for is missing"))
    return answer


def _fetch(path: str, query: str, repo: str = "", *, limit_bytes: int = _ANSWER_BYTES) -> Answer:
    address = f"{endpoint()}{path}" + (f"?{query}" if query else "")
    with in_words(repo):
        session = huggingface_hub.get_session()
        return fetch(session, address, _headers(address), repo=repo, limit_bytes=limit_bytes)


def _headers(address: str) -> dict[str, str]:
    # In small letters, so that they take the place of those of huggingface_hub.
    token = _token_for(address)
    return {"user-agent": USER_AGENT} | ({"authorization": f"Bearer {token}"} if token else {})


def _token_for(address: str) -> str | None:
    return huggingface_hub.get_token() if may_carry_token(address) else None


def _require_network() -> None:
    if is_offline():
        raise HubError(offline())


@contextmanager
def _about_a_token() -> Iterator[None]:
    """Say of a token that it is unknown, where the Hub says that something is not there."""
    try:
        with in_words():
            yield
    except HubError as error:
        if error.refusal.fault is HubFault.GONE:
            raise HubError(bad_token()) from None
        raise


def _open_session() -> httpx2.Client:
    """Open the client of huggingface_hub, which without this waits for ever."""
    return httpx2.Client(
        event_hooks={
            "request": [hf_request_event_hook, set_timeouts],
            "response": [refuse_downgrade],
        },
        follow_redirects=True,
        timeout=TIMEOUT_S,
    )


huggingface_hub.set_client_factory(_open_session)
# Also where somebody forgot the variables of `core.hub_environment`.
constants.HF_HUB_DISABLE_TELEMETRY = True
constants.HF_HUB_DISABLE_IMPLICIT_TOKEN = True
