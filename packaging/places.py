"""Where things lie: the checkout, its virtual environment, and the cache of this user."""

import os
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
CONSTRAINTS = PACKAGING / "constraints.txt"
BENCHES = PACKAGING / "bench"
VENV = ROOT / ".venv"


def venv_program(name: str) -> Path:
    """Return the path of a program of the virtual environment, such as ``python``."""
    if os.name == "nt":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


def site_packages() -> Path:
    """Return the folder that the virtual environment's packages are in."""
    base = {"base": str(VENV), "platbase": str(VENV)}
    return Path(sysconfig.get_path("purelib", "venv", base))


def cache_folder() -> Path:
    """Return the folder for what is worth keeping between checkouts: the wheel and the model."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "heft"
