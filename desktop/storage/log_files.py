"""The log files of the app's programs."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_BYTES = 1_000_000
KEPT_FILES = 3

_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def start_logging(folder: Path, program: str) -> logging.Handler:
    """Write everything from level INFO to ``PROGRAM.log`` in the folder, which must exist.

    Each program has a file of its own, because two processes cannot rotate one.

    Returns:
        The handler, already in use, for taking it off again.
    """
    handler = RotatingFileHandler(
        folder / f"{program}.log",
        maxBytes=MAX_BYTES,
        backupCount=KEPT_FILES,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler
