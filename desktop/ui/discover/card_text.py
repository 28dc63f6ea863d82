"""What the card of a model says of it beside its figures."""

from PySide6.QtCore import QLocale

from desktop.core.hub_environment import DEFAULT_ENDPOINT
from desktop.core.hub_model import HubRepository, HubSummary
from desktop.core.local_model import ModelFacts
from desktop.core.text_format import NOT_AVAILABLE, format_count, format_parameters
from desktop.ui.discover.offer import Offer
from desktop.ui.discover.offer_text import short_count
from desktop.ui.widgets.facts_grid import Fact

_MOST_LANGUAGES = 2


def source_text(offer: Offer) -> str:
    """Write who made it and where its file comes from."""
    if offer.entry is None:
        return f"published by {offer.maker}"
    return f"{offer.maker} · {offer.repo}" if offer.repo else offer.maker


def page_address(offer: Offer) -> str:
    """Return the address of its page on the Hub; empty if it has none."""
    return f"{DEFAULT_ENDPOINT}/{offer.repo}" if offer.repo else ""


def license_address(offer: Offer) -> str:
    """Return the address of its licence; empty if that is not known."""
    return offer.entry.license_address if offer.entry is not None else ""


def class_text(offer: Offer) -> tuple[str, str]:
    """Return the class and the reason for it."""
    verdict = offer.class_verdict
    if verdict is None:
        return "", ""
    word = verdict.model_class.value
    return word[:1].upper() + word[1:], verdict.reason


def qualities(offer: Offer, repository: HubRepository | None) -> tuple[tuple[str, str], ...]:
    """Return what it is good at and bad at, or how its publisher describes it."""
    entry = offer.entry
    if entry is not None:
        pairs = [("Good at", entry.good_at), ("Bad at", entry.bad_at)]
        if entry.is_installable:
            pairs.append(("Note", entry.note))
    else:
        pairs = [("About", repository.description if repository is not None else "")]
    return tuple((name, text) for name, text in pairs if text)


def facts_of(
    offer: Offer, repository: HubRepository | None, facts: ModelFacts | None
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return the facts in two columns.

    Args:
        offer: What was chosen in the list.
        repository: Its repository, once it is open.
        facts: What the header of the chosen file says, once it is read.
    """
    summary = repository.summary if repository is not None else offer.summary
    entry = offer.entry
    left = [
        Fact("parameters", _parameters(offer, facts)),
        Fact("architecture", _architecture(offer, summary, facts)),
        Fact("context, at most", _context(offer, summary, facts)),
    ]
    if entry is not None:
        left += [
            Fact("trained for", entry.trained_for.value),
            Fact("chat template", entry.template_family or "none"),
        ]
    codes = entry.languages if entry is not None else summary.languages if summary else ()
    right = [Fact("licence", offer.license or (summary.license if summary else "") or "not stated")]
    right.append(Fact("languages", languages_text(codes), hint=languages_text(codes, len(codes))))
    bases = ", ".join(repository.base_models) if repository is not None else ""
    right.append(Fact("base model", bases or NOT_AVAILABLE))
    if summary is not None:
        right.append(Fact("downloads", short_count(summary.downloads)))
        right.append(Fact("likes", short_count(summary.likes)))
    return tuple(left), tuple(right)


def languages_text(codes: tuple[str, ...], most: int = _MOST_LANGUAGES) -> str:
    """Write languages by name, the first of them in full."""
    if not codes:
        return "not stated"
    names = [_language(code) for code in codes[:most]]
    more = len(codes) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _language(code: str) -> str:
    language = QLocale.codeToLanguage(code.partition("-")[0])
    known = language not in {QLocale.Language.AnyLanguage, QLocale.Language.C}
    return QLocale.languageToString(language) if known else code


def _parameters(offer: Offer, facts: ModelFacts | None) -> str:
    count = offer.parameters or (facts.parameters if facts is not None else 0)
    text = format_parameters(count)
    entry = offer.entry
    if entry is not None and 0 < entry.active_parameters < entry.parameters:
        return f"{text}, {format_parameters(entry.active_parameters)} active"
    return text or NOT_AVAILABLE


def _architecture(offer: Offer, summary: HubSummary | None, facts: ModelFacts | None) -> str:
    name = facts.architecture if facts is not None else ""
    name = name or (summary.architecture if summary is not None else "")
    if offer.entry is not None:
        return f"{name}, {offer.entry.build}" if name else offer.entry.build
    return name or NOT_AVAILABLE


def _context(offer: Offer, summary: HubSummary | None, facts: ModelFacts | None) -> str:
    known = (
        facts.context_limit_tokens if facts is not None else 0,
        offer.entry.context_limit_tokens if offer.entry is not None else 0,
        summary.context_limit_tokens if summary is not None else 0,
    )
    tokens = next((count for count in known if count), 0)
    return f"{format_count(tokens)} tokens" if tokens else NOT_AVAILABLE
