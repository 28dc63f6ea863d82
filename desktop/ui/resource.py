"""Where the bundled fonts, icons and style sheet lie."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2] / "resources"


def resource_path(*parts: str) -> Path:
    """Return the path of a file below `resources/`."""
    return _ROOT.joinpath(*parts)
