"""Models on the Hugging Face Hub: how they are searched, listed and described."""

from dataclasses import dataclass
from enum import Enum

from desktop.core.errors import Problem
from desktop.core.model_class import ModelClass


class HubSort(Enum):
    """The order of a search; the value is what the user reads."""

    DOWNLOADS = "most downloaded"
    LIKES = "most liked"
    NEWEST = "newest"


class HubFault(Enum):
    """What kind of failure the Hub or the way to it had."""

    NO_NETWORK = "no network"
    OFFLINE = "offline by choice"
    SIGN_IN_PAGE = "another page answered"
    GATED = "gated"
    GONE = "gone"
    RATE_LIMITED = "rate limited"
    DISK_FULL = "disk full"
    WRONG_HASH = "wrong hash"
    SERVER = "the server failed"


@dataclass(frozen=True, slots=True)
class HubQuery:
    """A search.

    Attributes:
        words: Words, ``owner/name``, or the address of a repository; empty for all GGUF models.
        size_class: Only models of this class; None for both.
        license: Only this licence, by the Hub's short name; empty for all.
        includes_gated: Whether models whose licence must be accepted on the Hub are shown.
        only_fitting: Only those whose number of parameters suggests that they fit this machine.
        cursor: Where to go on, from `HubPage.next_cursor`; empty for the first page.
    """

    words: str = ""
    sort: HubSort = HubSort.DOWNLOADS
    size_class: ModelClass | None = None
    license: str = ""
    includes_gated: bool = True
    only_fitting: bool = False
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class HubSummary:
    """A repository as a search lists it.

    Attributes:
        repo: ``owner/name``.
        updated_at: ISO 8601; empty if not stated.
        license: The Hub's short name; empty if not stated.
        is_gated: Whether its licence must be accepted on the Hub first.
        parameters: As the Hub read them from the files; None if it did not.
        context_limit_tokens: What the model was trained for; 0 if not stated.
    """

    repo: str
    downloads: int
    likes: int
    updated_at: str
    license: str
    is_gated: bool
    parameters: int | None
    architecture: str
    context_limit_tokens: int
    languages: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """Who published it."""
        return self.repo.partition("/")[0]

    @property
    def name(self) -> str:
        """The name without its owner."""
        return self.repo.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class HubPage:
    """One page of a search; `next_cursor` is empty on the last."""

    query: HubQuery
    models: tuple[HubSummary, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class HubPart:
    """One file of a repository; `path` is relative to it, `sha256` is what the Hub promises."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HubFile:
    """One model of a repository: a GGUF file, or all parts of a split one, in order.

    Attributes:
        repo: ``owner/name``.
        revision: The commit, 40 hexadecimal digits.
        quantization: As the file name tells; empty if it does not.
        bits_per_weight: Size over the number of parameters; None if those are not known.
        license: The Hub's short name of the repository's licence; empty if not stated.
    """

    repo: str
    revision: str
    parts: tuple[HubPart, ...]
    quantization: str = ""
    bits_per_weight: float | None = None
    license: str = ""

    @property
    def path(self) -> str:
        """Path of the file, or of the first part, in the repository."""
        return self.parts[0].path

    @property
    def file_name(self) -> str:
        """The name without folders."""
        return self.path.rpartition("/")[2]

    @property
    def size_bytes(self) -> int:
        """Size of all parts together."""
        return sum(part.size_bytes for part in self.parts)


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A repository with its files.

    Attributes:
        revision: The commit that was looked at.
        base_models: Repositories that this one was made from.
        files: The models, smallest first.
        projectors: Vision projectors, which are no models by themselves.
        description: The first sentences of its card, plain text; empty if there are none.
    """

    summary: HubSummary
    revision: str
    base_models: tuple[str, ...]
    files: tuple[HubFile, ...]
    projectors: tuple[HubFile, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class HubRefusal:
    """Why the Hub, or the way to it, refused."""

    fault: HubFault
    problem: Problem


@dataclass(frozen=True, slots=True)
class HubAccess:
    """Who the Hub takes the user for; empty and False without a token."""

    user: str = ""
    has_token: bool = False
