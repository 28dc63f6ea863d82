"""Heft in a process of its own, with somebody at the window; the arguments are those of Heft.

What to do comes as JSON lists on stdin: ``["say", WORDS]``, ``["scroll_up"]``, ``["minimize"]``,
``["close"]``. What is on the screen goes to stdout as one JSON object, whenever it has changed.
"""

import json
import sys
from dataclasses import astuple

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot
from window_user import WindowUser

import desktop.app
from desktop.cli import program

LOOK_INTERVAL_MS = 50


class DrivenApp(desktop.app.App):
    """The app as it is, and the one who drives it."""

    def open(self) -> None:
        super().open()
        self._driver = _Driver(WindowUser(self.window), self)


class _Driver(QObject):
    def __init__(self, user: WindowUser, parent: QObject) -> None:
        super().__init__(parent)
        self._user = user
        self._told = ""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_INTERVAL_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._obey)

    @Slot()
    def _obey(self) -> None:
        match json.loads(sys.stdin.buffer.raw.readline() or '["close"]'):
            case ["say", words]:
                self._user.say(words)
            case ["scroll_up"]:
                self._user.scroll_up()
            case ["minimize"]:
                self._user.window.showMinimized()
            case ["close"]:
                self._timer.stop()
                self._notifier.setEnabled(False)
                self._user.window.close()

    @Slot()
    def _look(self) -> None:
        user = self._user
        sight = json.dumps(
            {
                "phase": user.phase(),
                "memory_gb": user.memory_gb(),
                "is_minimized": user.window.isMinimized(),
                "models": [model.name for model in user.listed_models()],
                "chats": user.chats(),
                "questions": user.questions(),
                "answers": [astuple(answer) for answer in user.answers()],
            }
        )
        if sight != self._told:
            self._told = sight
            sys.stdout.write(f"{sight}\n")
            sys.stdout.flush()


def main() -> int:
    outcome = program.run(sys.argv[1:])
    desktop.app.App = DrivenApp
    return outcome if isinstance(outcome, int) else desktop.app.main(outcome)


if __name__ == "__main__":
    sys.exit(main())
