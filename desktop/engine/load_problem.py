"""Why llama.cpp refused a model file, in words, from what it logged."""

import re
from pathlib import Path

from desktop.core.errors import AppError

_DAMAGED = "The file seems to be damaged or incomplete. Download it again."
_CAUSES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"unknown model architecture: '(?P<what>[^']*)'"),
        "This version of the engine does not know the architecture “{what}”.",
        "Choose another model, or update Heft.",
    ),
    (
        re.compile(r"unknown pre-tokenizer type: '(?P<what>[^']*)'"),
        "This version of the engine does not know the tokenizer “{what}”.",
        "Choose another model, or update Heft.",
    ),
    (
        re.compile(r"(?P<what>failed to allocate|unable to allocate|out of memory|bad_alloc)"),
        "There is not enough memory for it.",
        "Close other programs, or choose a smaller model.",
    ),
    (
        re.compile(r"missing tensor '(?P<what>[^']*)'"),
        "The part “{what}” is missing from the file.",
        _DAMAGED,
    ),
    (
        re.compile(r"(?P<what>data is not within the file bounds|corrupted or incomplete)"),
        "The file ends before its data does.",
        _DAMAGED,
    ),
    (
        re.compile(r"error loading model vocabulary: (?P<what>.+)"),
        "Its vocabulary cannot be read: {what}.",
        _DAMAGED,
    ),
    (
        re.compile(r"key not found in model: (?P<what>\S+)"),
        "The entry “{what}” is missing from the file's header.",
        _DAMAGED,
    ),
)
_OWN_WORDS = re.compile(r"error loading model[^:]*: (?P<what>.+)")


def load_error(path: Path, log: tuple[str, ...]) -> AppError:
    """Return the error for a file that llama.cpp could not load."""
    title = f"{path.name} could not be loaded"
    text = "\n".join(log)
    for pattern, detail, next_step in _CAUSES:
        match = pattern.search(text)
        if match is not None:
            return AppError(title, detail.format(what=match["what"]), next_step, log)
    own_words = _OWN_WORDS.search(text)
    return AppError(
        title,
        f"The engine says: {own_words['what']}."
        if own_words
        else "The engine refused the file; its own words are in the details.",
        "Choose another model.",
        log,
    )
