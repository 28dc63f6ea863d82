"""Writes down the signals of an object, in the order in which they come."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject


class SignalJournal:
    """What an object had to say: names of its signals and what they carried."""

    def __init__(self, source: QObject, *names: str) -> None:
        self._entries: list[tuple[str, Any]] = []
        for name in names:
            getattr(source, name).connect(partial(self._take, name))

    def __contains__(self, name: str) -> bool:
        return name in self.names()

    def names(self) -> list[str]:
        return [name for name, _payload in self._entries]

    def all(self, name: str) -> list[Any]:
        return [payload for one, payload in self._entries if one == name]

    def last(self, name: str) -> Any:
        return self.all(name)[-1]

    def _take(self, name: str, payload: object = None) -> None:
        self._entries.append((name, payload))
