"""What the Hub says of a repository, read into our own terms; nothing in it is trusted.

Cards are written by people, so every field may be missing or of another type than it should be.
Such a field counts as not stated. What could lead out of a folder refuses the whole answer.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from desktop.core.hub_model import HubFile, HubPart, HubRepository, HubSummary
from desktop.core.model_problem import SplitPart, split_part
from desktop.hub.fault import HubError, senseless_answer

Json = Mapping[str, object]

_MAXIMUM_LETTERS = 200
_REPO = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_QUANTIZATION = re.compile(
    r"(?<![A-Z0-9])(?:I?Q[1-8](?:_(?:K|S|M|L|XXS|XS|XL|NL|[0-8]))*|TQ[12]_0|BF16|FP?(?:16|32)"
    r"|MXFP4(?:_MOE)?|NVFP4)(?![A-Z0-9])"
)
_NO_MODELS = ("imatrix", "ggml-vocab")
"""In the names of GGUF files that hold no model."""


def summary_of(answer: Json) -> HubSummary:
    """Read what a search lists of a repository.

    Raises:
        HubError: It has no name.
    """
    repo = _text(answer.get("id"))
    if _REPO.fullmatch(repo) is None:
        raise HubError(senseless_answer("a repository has no name"))
    card, gguf = _object(answer.get("cardData")), _object(answer.get("gguf"))
    return HubSummary(
        repo=repo,
        downloads=_count(answer.get("downloads")),
        likes=_count(answer.get("likes")),
        updated_at=_text(answer.get("lastModified")),
        license=_license(card, answer),
        is_gated=bool(answer.get("gated")),
        parameters=_count(gguf.get("total")) or None,
        architecture=_text(gguf.get("architecture")),
        context_limit_tokens=_count(gguf.get("context_length")),
        languages=_texts(card.get("language")),
    )


def repository_of(answer: Json, description: str) -> HubRepository:
    """Read a repository with its files.

    A split model whose parts are not all there yet is left out, as it cannot be used.

    Raises:
        HubError: Its version is no commit, or a file has a name that could leave a folder.
    """
    summary = summary_of(answer)
    revision = _text(answer.get("sha"))
    if _COMMIT.fullmatch(revision) is None:
        raise HubError(senseless_answer("the version of the repository is no commit"))
    groups = _grouped(_parts(answer.get("siblings")))
    files = [_file(summary, revision, parts) for parts in groups]
    files.sort(key=lambda file: (file.size_bytes, file.path))
    return HubRepository(
        summary=summary,
        revision=revision,
        base_models=_base_models(_object(answer.get("cardData"))),
        files=tuple(file for file in files if not _is_projector(file)),
        projectors=tuple(file for file in files if _is_projector(file)),
        description=description,
    )


def has_file(answer: Json, path: str) -> bool:
    """Whether a repository has a file."""
    return any(item.get("rfilename") == path for item in _objects(answer.get("siblings")))


def is_gguf(answer: Json) -> bool:
    """Whether a repository is listed as one with GGUF files."""
    return "gguf" in _texts(answer.get("tags"))


def quantization_of(path: str) -> str:
    """Read the quantisation off a file's name, else off its folder's; empty if neither tells it.

    >>> quantization_of("BF16/model-q4_k_m-00001-of-00002.gguf")
    'Q4_K_M'
    """
    for name in reversed(path.upper().split("/")):
        found = _QUANTIZATION.findall(name)
        if found:
            return str(found[-1]).replace("FP", "F") if found[-1].startswith("FP") else found[-1]
    return ""


def _file(summary: HubSummary, revision: str, parts: tuple[HubPart, ...]) -> HubFile:
    size_bytes = sum(part.size_bytes for part in parts)
    is_model = "mmproj" not in parts[0].path.lower()
    known = summary.parameters if is_model else None
    return HubFile(
        repo=summary.repo,
        revision=revision,
        parts=parts,
        quantization=quantization_of(parts[0].path),
        bits_per_weight=8 * size_bytes / known if known else None,
        license=summary.license,
    )


def _is_projector(file: HubFile) -> bool:
    return "mmproj" in file.file_name.lower()


def _parts(siblings: object) -> list[HubPart]:
    """Return the GGUF files, checked for names that are not plain."""
    parts = []
    for item in _objects(siblings):
        path = item.get("rfilename")
        if not isinstance(path, str) or not path.lower().endswith(".gguf"):
            continue
        if not _is_plain(path):
            raise HubError(senseless_answer("a file has a name that leads out of its folder"))
        if any(word in path.lower() for word in _NO_MODELS):
            continue
        lfs = _object(item.get("lfs"))
        sha256 = _text(lfs.get("sha256"))
        size_bytes = _count(lfs.get("size")) or _count(item.get("size"))
        parts.append(HubPart(path, size_bytes, sha256 if _SHA256.fullmatch(sha256) else ""))
    return parts


def _is_plain(path: str) -> bool:
    return (
        path.isprintable()
        and not set(path) & set('\\:*?"<>|')
        and all(name.strip(" ") not in {"", ".", ".."} for name in path.split("/"))
    )


def _grouped(parts: Iterable[HubPart]) -> list[tuple[HubPart, ...]]:
    """Join the parts of split models, in order; a file that is whole is a group of one."""
    groups: list[tuple[HubPart, ...]] = []
    split: dict[tuple[str, str, int], dict[int, HubPart]] = defaultdict(dict)
    for part in parts:
        folder, _, name = part.path.rpartition("/")
        place: SplitPart | None = split_part(name)
        if place is None:
            groups.append((part,))
        else:
            split[folder, place.stem, place.count][place.number] = part
    for (_, _, count), known in split.items():
        if len(known) == count:
            groups.append(tuple(known[number] for number in sorted(known)))
    return groups


def _license(card: Json, answer: Json) -> str:
    """Return the short name of the licence; of one that is like no other, the name it has."""
    named = _texts(card.get("license"))
    tags = _texts(answer.get("tags"))
    named = named or tuple(tag[8:] for tag in tags if tag.startswith("license:"))
    if named == ("other",):
        named = _texts(card.get("license_name")) or named
    return ", ".join(named)


def _base_models(card: Json) -> tuple[str, ...]:
    return tuple(name for name in _texts(card.get("base_model")) if _REPO.fullmatch(name))


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    """Return one line of text of a sensible length, without what steers a terminal."""
    if not isinstance(value, str):
        return ""
    words = " ".join(value[:_MAXIMUM_LETTERS].split())
    return "".join(letter for letter in words if letter.isprintable())


def _texts(value: object) -> tuple[str, ...]:
    """Return several texts, where one alone may stand for itself."""
    items = value if isinstance(value, list) else [value]
    return tuple(text for text in map(_text, items) if text)


def _count(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and 0 < value < 2**63 else 0
