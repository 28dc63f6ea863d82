"""An app without a window that is killed: argv is its data folder, and a model file or nothing.

Without a model it kills itself at the moment at which the engine would be asked. With one it tells
each piece of the answer and when it came, as JSON lines, and waits to be killed.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Slot

from desktop.core.conversation import TextPiece
from desktop.core.local_model import LocalModel, ModelOrigin
from desktop.services.chat_controller import ChatController
from desktop.services.engine_client import EngineClient
from desktop.storage.chat_store import ChatStore


class ChatApp(QObject):
    """Asks one question."""

    def __init__(self, folder: Path, model: Path | None) -> None:
        super().__init__()
        self._engine = EngineClient(self)
        self._chat = ChatController(ChatStore(folder / "chats.db"), self._engine, self)
        if model is None:
            self._chat.answering_changed.connect(self._die)
        else:
            self._chat.text_appended.connect(self._tell)
            self._engine.load(LocalModel(model, model.stem, 0, ModelOrigin.ADDED))
        self._chat.send("Will this be kept?")

    @Slot(object)
    def _die(self, _is_answering: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    @Slot(object)
    def _tell(self, piece: TextPiece) -> None:
        sys.stdout.write(json.dumps([time.monotonic(), piece.text]) + "\n")
        sys.stdout.flush()


def main() -> None:
    application = QCoreApplication([])
    folder, *models = map(Path, sys.argv[1:])
    app = ChatApp(folder, next(iter(models), None))
    application.exec()
    del app


if __name__ == "__main__":
    main()
