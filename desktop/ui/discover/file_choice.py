"""Which file of a repository to begin with, and whether a file is likely to fit this machine."""

from desktop.core.catalogue import CatalogueEntry
from desktop.core.hub_model import HubFile, HubRepository
from desktop.core.memory_fit import RUNTIME_BYTES, Fit, judge_fit
from desktop.core.model_entry import Surroundings

_PREFERRED = "Q4_K_M"
_CONTEXT_SHARE = 8
"""What a short context and the scratch space take is about an eighth of the weights."""


def file_fit(file: HubFile, surroundings: Surroundings) -> Fit:
    """Estimate by its size alone whether a file fits; weighing it tells more."""
    needed_bytes = file.size_bytes + file.size_bytes // _CONTEXT_SHARE + RUNTIME_BYTES
    return judge_fit(needed_bytes, surroundings.available_bytes, surroundings.total_bytes)


def preferred_file(
    repository: HubRepository,
    entry: CatalogueEntry | None,
    path: str,
    surroundings: Surroundings | None,
) -> HubFile | None:
    """Return the file to begin with; None if the repository has no model.

    Args:
        repository: With its files, smallest first.
        entry: Of the catalogue, if it has the model: its file comes first.
        path: A file that was asked for by its address; empty for none.
        surroundings: Decides between the others: the usual packing if it fits, else the largest
            that does, else the smallest.
    """
    wanted = path or (entry.file if entry is not None else "")
    named = [file for file in repository.files if wanted in {part.path for part in file.parts}]
    usual = [file for file in repository.files if file.quantization.upper() == _PREFERRED]
    fitting = [
        file
        for file in repository.files
        if surroundings is None or not file_fit(file, surroundings).is_heavy
    ]
    choices = (
        *named,
        *(file for file in usual if file in fitting),
        *reversed(fitting),
        *repository.files,
    )
    return choices[0] if choices else None
