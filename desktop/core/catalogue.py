"""The built-in catalogue: models worth knowing, described for people who choose one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import (
    RUNTIME_BYTES,
    Fit,
    default_context_tokens,
    estimate_resident_bytes,
    judge_fit,
)
from desktop.core.model_class import ModelClass

NAMED_SYSTEMS = (
    "mistral-7b",
    "llama-3-8b",
    "orca-2-7b",
    "gpt-neo",
    "gpt-4",
    "microsoft-copilot",
)
"""Ids of systems that people ask for by name, whether they can be installed or not."""

_STEP_TOPS = (1_500_000_000, 5_000_000_000, 10_000_000_000, 40_000_000_000)
"""Where each step of the ladder from small to large ends, in parameters."""
_STEP_FACTOR = 2
"""What has fewer than twice the parameters of the largest installed model is no step up."""
_SUGGESTIONS = 2


class TrainedFor(Enum):
    """What a model was trained for; the value is what the user reads."""

    GENERAL = "general use"
    CODE = "code"
    REASONING = "reasoning"
    DOMAIN = "one domain"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One model of the catalogue.

    Attributes:
        id: Short and stable, such as ``llama-3.2-1b``.
        class_reason: Why it is small or large, in one sentence.
        parameters: All of them; 0 if its makers keep it secret.
        active_parameters: Those that work on one token; the same for a dense model.
        build: ``dense``, ``mixture of experts`` or ``hybrid``.
        repo: Where its GGUF file is, ``owner/name``; empty for one that cannot be installed.
        file: Path in the repository.
        revision: The commit it was looked at; empty if it was not yet.
        size_bytes: 0 if there is no file.
        is_size_exact: False for a size that was read off a page and rounded.
        sha256: Empty if it is not known.
        template_family: How its chat template is called, such as ``ChatML``; empty for none.
        languages: Short names, such as ``en``.
        note: What else one must know; why it cannot be installed, if so.
        alternatives: Ids of what to take instead, nearest first.
        facts: What its header says, as far as known, for an estimate without a network; the size
            of the file stands for that of the weights. None where the shape is not known.
    """

    id: str
    name: str
    vendor: str
    model_class: ModelClass
    class_reason: str
    parameters: int
    active_parameters: int
    build: str
    quantization: str
    repo: str
    file: str
    revision: str
    size_bytes: int
    is_size_exact: bool
    sha256: str
    context_limit_tokens: int
    license: str
    license_address: str
    template_family: str
    languages: tuple[str, ...]
    trained_for: TrainedFor
    good_at: str
    bad_at: str
    note: str = ""
    alternatives: tuple[str, ...] = ()
    facts: ModelFacts | None = None

    @property
    def is_installable(self) -> bool:
        """Whether there is a file to download."""
        return bool(self.repo)

    @property
    def file_name(self) -> str:
        """The name of its file without folders; empty for one that cannot be installed."""
        return self.file.rpartition("/")[2]


def estimate_entry_bytes(entry: CatalogueEntry, available_bytes: int) -> int:
    """Estimate the resident memory of the engine with a model of the catalogue.

    Args:
        entry: One that can be installed.
        available_bytes: Memory available to it, which the size of the context depends on.
    """
    if entry.facts is None:
        return entry.size_bytes + entry.size_bytes // 8 + RUNTIME_BYTES
    context_tokens = default_context_tokens(entry.facts, available_bytes)
    return estimate_resident_bytes(entry.facts, context_tokens)


def suggestions(
    entries: Iterable[CatalogueEntry], available_bytes: int, installed: Collection[str]
) -> tuple[CatalogueEntry, ...]:
    """Return the two next steps up from what is installed that fit easily, the smaller first.

    The catalogue lists the models of one step with the best first, so that is the order they are
    tried in. There are fewer than two where the machine is small or the largest is installed.

    Args:
        entries: The catalogue.
        available_bytes: Memory available now, plus what the loaded model will give back.
        installed: Names of the files that are on this machine, without folders.
    """
    entries = tuple(entries)
    names = {name.lower() for name in installed}
    at_hand = {entry.id for entry in entries if entry.file_name.lower() in names}
    largest = max((entry.parameters for entry in entries if entry.id in at_hand), default=0)
    bottom = largest * _STEP_FACTOR
    steps: list[CatalogueEntry] = []
    for top in _STEP_TOPS:
        step = [
            entry
            for entry in entries
            if bottom < entry.parameters <= top and _is_worth_suggesting(entry, available_bytes)
        ]
        steps += step[:1]
        bottom = max(bottom, top)
    return tuple(steps[:_SUGGESTIONS])


def _is_worth_suggesting(entry: CatalogueEntry, available_bytes: int) -> bool:
    if not entry.is_installable or entry.trained_for is not TrainedFor.GENERAL:
        return False
    needed_bytes = estimate_entry_bytes(entry, available_bytes)
    return judge_fit(needed_bytes, available_bytes, available_bytes) is Fit.EASY
