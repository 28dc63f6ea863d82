"""The repositories that a `HubServer` offers, and what the Hub's API says of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Content = bytes | Path
Json = dict[str, object]

_ALWAYS_SAID = {"_id", "id", "modelId"}


@dataclass(frozen=True)
class ShelfFile:
    """A file; `is_large` are those that the Hub stores apart and knows by their SHA-256."""

    path: str
    content: Content
    size_bytes: int
    sha256: str

    @property
    def is_large(self) -> bool:
        return self.path.endswith(".gguf") or self.size_bytes > 10_000_000

    @property
    def blob_id(self) -> str:
        return hashlib.sha1(self.sha256.encode(), usedforsecurity=False).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.is_large else self.blob_id

    def as_sibling(self, *, with_blobs: bool) -> Json:
        """What the list of files in a repository says."""
        if not with_blobs:
            return {"rfilename": self.path}
        lfs = {"size": self.size_bytes, "sha256": self.sha256, "pointerSize": 135}
        known: Json = {"rfilename": self.path, "size": self.size_bytes, "blobId": self.blob_id}
        return known | ({"lfs": lfs} if self.is_large else {})

    def as_tree_item(self) -> Json:
        """What a tree says."""
        lfs = {"oid": self.sha256, "size": self.size_bytes, "pointerSize": 135}
        known: Json = {"type": "file", "path": self.path}
        known |= {"size": self.size_bytes, "oid": self.blob_id}
        return known | ({"lfs": lfs} if self.is_large else {})


@dataclass
class ShelfRepository:
    """A repository.

    Attributes:
        granted: Users who have accepted the licence, when it is gated or private.
        parameters: As the Hub read them from the files; None if it did not.
        card: The metadata of its README; None for what the other attributes say.
        commit: The newest; set when it is added.
        earlier: The files of commits before, by commit.
    """

    id: str
    files: dict[str, ShelfFile]
    gated: bool = False
    private: bool = False
    license: str = ""
    parameters: int | None = None
    architecture: str = "llama"
    context_length: int = 8192
    downloads: int = 0
    likes: int = 0
    updated_at: str = "2025-06-01T12:00:00.000Z"
    languages: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    granted: set[str] = field(default_factory=set)
    card: Json | None = None
    commit: str = ""
    earlier: dict[str, dict[str, ShelfFile]] = field(default_factory=dict)

    @property
    def has_gguf(self) -> bool:
        return any(path.endswith(".gguf") for path in self.files)

    @property
    def tags(self) -> list[str]:
        """The tags that the Hub derives, by which a search filters."""
        tags = ["gguf"] if self.has_gguf else ["safetensors"]
        tags += [*self.languages, "region:us"]
        tags += [f"base_model:{base}" for base in self.base_models]
        tags += [f"base_model:quantized:{base}" for base in self.base_models]
        return tags + ([f"license:{self.license}"] if self.license else [])

    def files_of(self, revision: str) -> dict[str, ShelfFile] | None:
        """The files at a branch or commit; None if there is no such."""
        return self.files if revision in {"main", self.commit} else self.earlier.get(revision)

    def commit_of(self, revision: str) -> str:
        return self.commit if revision == "main" else revision

    def as_info(self, revision: str = "main", *, with_blobs: bool = False) -> Json:
        """All that the API says of it."""
        files = self.files_of(revision) or {}
        known: Json = {
            "_id": hashlib.sha1(self.id.encode(), usedforsecurity=False).hexdigest()[:24],
            "id": self.id,
            "modelId": self.id,
            "author": self.id.partition("/")[0],
            "sha": self.commit_of(revision),
            "downloads": self.downloads,
            "likes": self.likes,
            "tags": self.tags,
            "gated": "auto" if self.gated else False,
            "private": self.private,
            "createdAt": "2025-01-01T00:00:00.000Z",
            "lastModified": self.updated_at,
            "pipeline_tag": "text-generation",
            "cardData": self._card(),
            "siblings": [file.as_sibling(with_blobs=with_blobs) for file in files.values()],
        }
        if self.has_gguf and self.parameters is not None:
            known["gguf"] = {
                "total": self.parameters,
                "architecture": self.architecture,
                "context_length": self.context_length,
            }
        return known

    def _card(self) -> Json:
        if self.card is not None:
            return self.card
        card: Json = {"language": list(self.languages), "base_model": list(self.base_models)}
        return card | ({"license": self.license} if self.license else {})


class Shelf:
    """All repositories, and the searches over them."""

    def __init__(self) -> None:
        self.repositories: dict[str, ShelfRepository] = {}

    def put(self, repository: ShelfRepository) -> ShelfRepository:
        """Add a repository, or a new commit of one that is there."""
        digest = hashlib.sha1(repository.id.encode(), usedforsecurity=False)
        for path, file in sorted(repository.files.items()):
            digest.update(f"{path} {file.sha256}".encode())
        repository.commit = digest.hexdigest()
        before = self.repositories.get(repository.id)
        if before is not None:
            repository.earlier = before.earlier | {before.commit: before.files}
        self.repositories[repository.id] = repository
        return repository

    def search(self, query: Mapping[str, list[str]], *, user: str) -> list[ShelfRepository]:
        """The repositories that match, in order."""
        found = [
            repository
            for repository in self.repositories.values()
            if _matches(repository, query) and (not repository.private or user)
        ]
        order = {
            "downloads": lambda repository: repository.downloads,
            "likes": lambda repository: repository.likes,
            "lastModified": lambda repository: repository.updated_at,
            "createdAt": lambda repository: repository.updated_at,
        }.get(_first(query, "sort"))
        return sorted(found, key=order, reverse=True) if order else found


def shelf_file(path: str, content: Content) -> ShelfFile:
    """Read the size and the hash of what will be served."""
    if isinstance(content, bytes):
        return ShelfFile(path, content, len(content), hashlib.sha256(content).hexdigest())
    with content.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ShelfFile(path, content, content.stat().st_size, digest)


def only_expanded(info: Json, query: Mapping[str, list[str]]) -> Json:
    """What is left of an answer when the client named the properties it wants."""
    wanted = query.get("expand")
    if wanted is None:
        return info
    return {key: value for key, value in info.items() if key in {*wanted, *_ALWAYS_SAID}}


def _matches(repository: ShelfRepository, query: Mapping[str, list[str]]) -> bool:
    words = _first(query, "search").lower().split()
    gated = _first(query, "gated").lower()
    return (
        all(word in repository.id.lower() for word in words)
        and set(query.get("filter", ())) <= set(repository.tags)
        and _first(query, "author") in {"", repository.id.partition("/")[0]}
        and gated in {"", str(repository.gated).lower()}
    )


def _first(query: Mapping[str, list[str]], key: str) -> str:
    return query.get(key, [""])[0]
