"""What a search asks of the Hub, and what is left to be sorted out here."""

from urllib.parse import urlencode

from desktop.core.hub_model import HubQuery, HubSort, HubSummary
from desktop.core.memory_fit import RUNTIME_BYTES, Fit, judge_fit
from desktop.core.model_class import classify, parameters_in_name

EXPANDED = ("cardData", "downloads", "gated", "gguf", "lastModified", "likes", "tags")
"""The properties of a repository that the Hub is asked for."""

_PAGE_MODELS = 20
_BYTES_PER_PARAMETER = 0.61
"""Of Q4_K_M, which most people take."""
_SORTS = {
    HubSort.DOWNLOADS: "downloads",
    HubSort.LIKES: "likes",
    HubSort.NEWEST: "lastModified",
}


def first_cursor(query: HubQuery, made_from: str = "") -> str:
    """Return the parameters of a search, which is what the cursors of the Hub are as well.

    Args:
        query: What is searched for.
        made_from: Search for what was quantised from this repository, in place of the words.
    """
    filters = ["gguf"]
    if query.license:
        filters.append(f"license:{query.license}")
    if made_from:
        filters.append(f"base_model:quantized:{made_from}")
    parameters: dict[str, object] = {
        "filter": filters,
        "sort": _SORTS[query.sort],
        "limit": _PAGE_MODELS,
        "expand": EXPANDED,
    }
    if query.words.strip() and not made_from:
        parameters["search"] = query.words.strip()
    if not query.includes_gated:
        parameters["gated"] = "false"
    return urlencode(parameters, doseq=True)


def is_wanted(model: HubSummary, query: HubQuery, total_bytes: int) -> bool:
    """Apply the filters that the Hub does not have: by size class and by what fits the memory.

    Args:
        model: As the Hub found it. One whose size is told by neither the Hub nor its name passes
            neither of the two filters.
        query: What is searched for.
        total_bytes: Installed RAM.
    """
    parameters = model.parameters or parameters_in_name(model.name)
    if query.size_class is not None:
        verdict = classify(parameters, model.name)
        if verdict is None or verdict.model_class is not query.size_class:
            return False
    if not query.only_fitting:
        return True
    needed_bytes = round(parameters * _BYTES_PER_PARAMETER) + RUNTIME_BYTES
    return parameters > 0 and judge_fit(needed_bytes, total_bytes, total_bytes) is Fit.EASY
