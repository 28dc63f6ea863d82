"""The built-in catalogue: models worth knowing, described for people who choose one."""

from dataclasses import dataclass
from enum import Enum

from desktop.core.local_model import ModelFacts
from desktop.core.model_class import ModelClass


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
        template_family: How its chat template is called, such as ``ChatML``.
        languages: Short names, such as ``en``.
        note: What else one must know; why it cannot be installed, if so.
        alternatives: Ids of what to take instead, nearest first.
        facts: What its header says, as far as known, for an estimate without a network.
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
