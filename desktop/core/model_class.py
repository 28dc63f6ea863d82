"""Small and large language models: which is which, and why.

No standard draws the border. In common use a small model is one that runs on a laptop or a phone,
and models that are sold as 7B are the smallest of the large ones; those have between 6.5 and 7.7
thousand million parameters, hence the border below them. Where the makers of a model call it small
they are followed: Microsoft does for Orca 2 and Phi, whose point is how they were taught.
"""

import re
from dataclasses import dataclass
from enum import Enum

from desktop.core.text_format import format_parameters

SMALL_BELOW_PARAMETERS = 6_500_000_000
"""Models sold as 7B and upwards are large, unless their makers call them small."""


class ModelClass(Enum):
    """The class of a model; the value is the term in full."""

    SMALL = "small language model"
    LARGE = "large language model"

    @property
    def word(self) -> str:
        """The one word that stands for it once the term is known."""
        return "Small" if self is ModelClass.SMALL else "Large"


@dataclass(frozen=True, slots=True)
class ClassVerdict:
    """A class and the reason for it, in one sentence."""

    model_class: ModelClass
    reason: str


@dataclass(frozen=True, slots=True)
class _Family:
    """Models of one maker, by what their names begin with or contain.

    Attributes:
        pattern: For a name in small letters with single hyphens.
        training: How they were trained, to go on a sentence with; empty if nothing stands out.
        called: What their makers call them; None if they only give a number.
    """

    pattern: str
    training: str
    called: ModelClass | None = None


_FAMILIES = (
    _Family(
        r"\borca-?2\b",
        "it learned to reason from explanations that larger models wrote",
        ModelClass.SMALL,
    ),
    _Family(r"\bdistill(ed)?\b", "it learned from the answers of a far larger model"),
    _Family(
        r"\bphi-?[1-9]",
        "it was trained on selected and purpose-written text",
        ModelClass.SMALL,
    ),
    _Family(
        r"\bgemma-?[34]n?-e[24]b\b",
        "about half of its weights are tables that are looked up, not computed with",
        ModelClass.SMALL,
    ),
    _Family(
        r"\bsmollm", "it was trained on far more text than usual for its size", ModelClass.SMALL
    ),
    _Family(
        r"\bllama-3\.2-[13]b\b", "it was cut out of a larger Llama and learned from larger ones"
    ),
    _Family(r"\bgemma-?3\b", "it learned from a larger model"),
    _Family(
        r"^(openai-)?gpt-4(o|-turbo)?$|^(microsoft-)?copilot$",
        "its makers keep the number of its parameters secret, and it runs in data centres only",
        ModelClass.LARGE,
    ),
)
_NO_FAMILY = _Family("", "")
_SIZE = re.compile(r"(?<![a-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)([bm])(?![a-z0-9])")
_ACTIVE_SIZE = re.compile(r"(?<![a-z0-9])a(\d+(?:\.\d+)?)b(?![a-z0-9])")


def classify(parameters: int, name: str, active_parameters: int = 0) -> ClassVerdict | None:
    """Tell whether a model is small or large; None if neither argument tells its size.

    Args:
        parameters: All weights; 0 if not known, then the name is looked at.
        name: Of the model, its file or its repository.
        active_parameters: Those that work on one token; 0 if not known.
    """
    plain = re.sub(r"[\s_/-]+", "-", name.lower())
    family = next((one for one in _FAMILIES if re.search(one.pattern, plain)), _NO_FAMILY)
    is_counted = parameters > 0
    parameters = parameters or parameters_in_name(name)
    if not parameters:
        return _verdict_by_makers(family)
    by_size = ModelClass.SMALL if parameters < SMALL_BELOW_PARAMETERS else ModelClass.LARGE
    active_parameters = active_parameters or _active_in_name(plain)
    size = format_parameters(parameters) + " parameters" + ("" if is_counted else " by its name")
    parts = [size + _active_words(parameters, active_parameters) + _border_words(by_size, family)]
    if family.training:
        parts.append(family.training)
    return ClassVerdict(family.called or by_size, "; ".join(parts) + ".")


def parameters_in_name(name: str) -> int:
    """Read the number of parameters off a name such as ``Qwen3-4B``; 0 if it has none."""
    found = _SIZE.search(re.sub(r"[\s_/-]+", "-", name.lower()))
    if found is None:
        return 0
    experts, number, unit = found.groups()
    return round(int(experts or 1) * float(number) * (1e9 if unit == "b" else 1e6))


def _verdict_by_makers(family: _Family) -> ClassVerdict | None:
    if family.called is None:
        return None
    word = family.called.word.lower()
    is_secret = family.called is ModelClass.LARGE
    start = "" if is_secret else f"Its makers call it {word}; "
    reason = f"{start}{family.training}."
    return ClassVerdict(family.called, reason[0].upper() + reason[1:])


def _active_in_name(plain: str) -> int:
    found = _ACTIVE_SIZE.search(plain)
    return round(float(found[1]) * 1e9) if found else 0


def _active_words(parameters: int, active_parameters: int) -> str:
    if not 0 < active_parameters < parameters:
        return ""
    return f", of which {format_parameters(active_parameters)} work on each token"


def _border_words(by_size: ModelClass, family: _Family) -> str:
    if family.called is not None and family.called is not by_size:
        return f", but its makers call it {family.called.word.lower()}"
    return f": large begins {'only ' if by_size is ModelClass.SMALL else ''}at the 7B class"
