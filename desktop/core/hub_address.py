"""Addresses of models on the Hub, as people type, copy and paste them."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
_REPO = re.compile(f"{_NAME}/{_NAME}")
_HOSTS = ("huggingface.co/", "www.huggingface.co/", "hf.co/")
_VIEWS = frozenset({"blob", "resolve", "tree", "raw"})


@dataclass(frozen=True, slots=True)
class HubAddress:
    """Where something is on the Hub.

    Attributes:
        repo: ``owner/name``.
        path: Of a file or folder in the repository; empty for the repository as a whole.
        revision: Branch, tag or commit; empty for the newest.
    """

    repo: str
    path: str = ""
    revision: str = ""


def parse_hub_address(text: str) -> HubAddress | None:
    """Read ``owner/name``, ``owner/name/file.gguf`` or the address of a page; None for others.

    Mirrors have the same addresses on a host of their own, so with ``https://`` any host will do.

    >>> parse_hub_address("https://huggingface.co/owner/name/blob/main/q/a.gguf")
    HubAddress(repo='owner/name', path='q/a.gguf', revision='main')
    """
    owner, name, *rest = [*_path_of(text.strip()).split("/"), "", ""]
    repo = f"{owner}/{name}"
    if not _is_repository(repo):
        return None
    rest = [part for part in rest if part]
    revision = ""
    if rest and rest[0] in _VIEWS:
        _, revision, *rest = [*rest, ""]
    path = "/".join(part for part in rest if part)
    return None if ".." in rest else HubAddress(repo, path, revision)


def _path_of(text: str) -> str:
    """Return what comes after the host, without a query."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        for host in _HOSTS:
            text = text.removeprefix(host)
        return text
    if scheme == "hf":
        return rest
    return unquote(urlsplit(text).path).strip("/") if scheme in {"http", "https"} else ""


def _is_repository(repo: str) -> bool:
    """As the Hub allows names: no two dots or hyphens in a row, no ``.git`` at the end."""
    is_well_formed = _REPO.fullmatch(repo) is not None
    return is_well_formed and ".." not in repo and "--" not in repo and not repo.endswith(".git")
