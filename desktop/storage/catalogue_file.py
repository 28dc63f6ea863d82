"""The catalogue as it lies in a file."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.core.catalogue import CatalogueEntry
from desktop.core.errors import AppError

_TITLE = "The list of recommended models could not be read"
_NEXT_STEP = "Install Heft again. Searching the Hub and your own models work without the list."


@dataclass(frozen=True, slots=True)
class _Catalogue:
    entries: tuple[CatalogueEntry, ...]


def load_catalogue(path: Path) -> tuple[CatalogueEntry, ...]:
    """Read the catalogue, in its order.

    Raises:
        AppError: The file is missing or damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Catalogue).entries
    except OSError as error:
        detail = f"The system refused to open {path}: {error.strerror}."
        raise AppError(_TITLE, detail, _NEXT_STEP) from error
    except msgspec.MsgspecError as error:
        raise AppError(_TITLE, f"{path} is damaged: {error}.", _NEXT_STEP) from error
    except UnicodeDecodeError as error:
        raise AppError(_TITLE, f"{path} is damaged: it is not UTF-8.", _NEXT_STEP) from error
