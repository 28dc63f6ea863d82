"""A start of the app, reduced to the question who is first; argv is the data folder.

Says ``ready``, waits for a line, then says what became of it: ``first``, ``handed over`` or
``unheard``. Lives until stdin closes.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.services.single_instance import SingleInstance


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    _application = QCoreApplication([])
    instance = SingleInstance(Path(sys.argv[1]))
    _say("ready")
    sys.stdin.readline()
    if instance.acquire():
        _say("first")
    else:
        _say("handed over" if instance.hand_over(()) else "unheard")
    sys.stdin.readline()


if __name__ == "__main__":
    main()
