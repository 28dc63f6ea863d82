"""Takes the pictures of the README: the real window, the real engine, the starter model."""

import sys
import tempfile
from collections.abc import Callable
from os import environ
from pathlib import Path

import gguf
import numpy as np
from places import ROOT
from PySide6.QtCore import QEventLoop, QObject, QPoint, QTimer, Slot
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop.app import App, create_application
from desktop.core.figure import FigureKind
from desktop.core.model_card import ModelCard
from desktop.core.settings import ThemeChoice
from desktop.core.window_options import WindowOptions
from desktop.models_place import ModelsPlace
from desktop.storage.paths import Paths
from desktop.ui.models.models_page import ModelsTab

sys.path.append(str(ROOT / "tests" / "fakes"))
from hub_faults import Faults
from hub_server import HubServer
from synthetic_model import Shape, write_synthetic_model

FOLDER = ROOT / "resources" / "screenshots"
WIDE, NARROW, SMALLEST = (1280, 800), (900, 640), (640, 480)
CODE = "Write a Python function that prints the first ten square numbers, and explain it."
TIDES = "Why does the sea have tides? Explain it in a few paragraphs."
MID_ANSWER_CHARACTERS = 160
PAUSE_MS, BRIEF_PAUSE_MS = 400, 60
"""Views settle in the longer one; an answer under way does not wait for it."""
ATTEMPTS = 10
POPUP_GAP_PX = 4
BROKEN = "Half-a-model.gguf"
# No larger model is at hand without a network: one of its shape with random weights, offered by a
# Hub on this machine, weighs the same and is as fast.
ENTRY, PARAMETERS = "qwen2.5-0.5b", 494_032_768
REPO, FILE = "Qwen/Qwen2.5-0.5B-Instruct-GGUF", "qwen2.5-0.5b-instruct-q8_0.gguf"
SHAPE = Shape(
    architecture="qwen2",
    layers=24,
    embedding=896,
    feed_forward=4864,
    heads=14,
    kv_heads=2,
    vocabulary=151_936,
    context_length=32_768,
    is_tied=True,
)
DOWNLOAD_BYTES_PER_S = 8_000_000
LIMIT_MS = 120_000
POLL_MS = 20


class Photographer(QObject):
    """Drives the window as a user would, and takes a picture of each state worth seeing."""

    def __init__(self, app: App, models: Path) -> None:
        super().__init__()
        self._app = app
        self._models = models
        self._text = ""
        self._card: ModelCard | None = None
        app.engine.tokens_received.connect(self._on_engine_tokens_received)

    def work(self) -> None:
        """Take all pictures."""
        self._app.window.resize(*WIDE)
        self._app.open()
        self._until(lambda: self._app.engine.status.facts is not None)
        self._in_both_themes("welcome")
        self._ask(CODE)
        self._until_idle()
        self._in_both_themes("answered")
        self._ask_until_mid_answer()
        self._in_both_themes("answering", BRIEF_PAUSE_MS)
        self._app.chat.stop()
        self._until_idle()
        self._sizes()
        self._list_of_models()
        self._failed_load()
        self._place_of_models()
        self._app.window.close()

    def _ask_until_mid_answer(self) -> None:
        """Ask until an answer is long enough to be caught in the middle of it."""
        for _attempt in range(ATTEMPTS):
            self._ask(TIDES)
            self._until(
                lambda: len(self._text) > MID_ANSWER_CHARACTERS or not self._app.chat.is_answering
            )
            if self._app.chat.is_answering:
                return
        raise TimeoutError("every answer was too short")

    def _sizes(self) -> None:
        for name, size in (("narrow", NARROW), ("smallest", SMALLEST)):
            self._app.window.resize(*size)
            self._take(name)
        self._app.window.resize(*WIDE)

    def _list_of_models(self) -> None:
        picker = self._app.window.picker
        picker.open_list()
        self._settle()
        self._take("models", popup=picker.popup())
        picker.popup().close()

    def _failed_load(self) -> None:
        _write_broken_model(self._models / BROKEN)
        self._app.library.rescan()
        self._until(lambda: any(m.facts for m in self._app.library.models if m.path.name == BROKEN))
        broken = next(m for m in self._app.library.models if m.path.name == BROKEN)
        self._app.switch.load(broken)
        self._until(lambda: self._app.window.banner.message() is not None)
        self._until_idle()
        self._in_both_themes("failed-load")

    def _place_of_models(self) -> None:
        """Show a model before it is downloaded, on its way, and among the others."""
        window, place = self._app.window, self._place()
        window.banner.clear()
        (self._models / BROKEN).unlink()
        self._app.library.rescan()
        window.show_models()
        self._in_both_themes("installed")
        place.page.show_tab(ModelsTab.FIND)
        place.weigher.card_changed.connect(self._on_weigher_card_changed)
        place.discover.show_entry(ENTRY)
        weighed = self._card_with(lambda card: _kind(card) is FigureKind.WEIGHED)
        place.discover.drive_requested.emit(weighed.source)
        self._card_with(lambda card: card.test_drive is not None)
        self._in_both_themes("find")
        self._scroll_card_to_its_end()
        self._take("find-speed")
        self._download()
        place.page.show_tab(ModelsTab.TRADE_OFF)
        self._in_both_themes("small-or-large")
        place.page.show_tab(ModelsTab.FIND)
        window.resize(*SMALLEST)
        self._take("find-smallest")
        window.resize(*WIDE)

    def _scroll_card_to_its_end(self) -> None:
        for area in self._place().discover.card.findChildren(QScrollArea):
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())

    def _download(self) -> None:
        place = self._place()
        place.discover.download_requested.emit(self._card_with(bool).source.file)
        self._until(lambda: any(entry.bytes_per_s for entry in place.downloads.entries))
        place.page.show_tab(ModelsTab.DOWNLOADS)
        self._take("downloads")
        place.downloads.cancel(place.downloads.entries[0].id)
        self._until(lambda: not place.downloads.entries)

    def _place(self) -> ModelsPlace:
        if self._app.models is None:
            raise RuntimeError("the place of models is not there yet")
        return self._app.models

    def _card_with(self, is_reached: Callable[[ModelCard], bool]) -> ModelCard:
        """Wait until the card is that far."""
        self._until(lambda: self._card is not None and is_reached(self._card))
        if self._card is None:
            raise RuntimeError("there is no card")
        return self._card

    def _ask(self, words: str) -> None:
        self._text = ""
        self._app.window.composer.message_submitted.emit(words)

    def _in_both_themes(self, name: str, pause_ms: int = PAUSE_MS) -> None:
        for theme in (ThemeChoice.DARK, ThemeChoice.LIGHT):
            self._app.preferences.choose_theme(theme)
            self._take(f"{name}-{theme.value}", pause_ms)

    def _take(self, name: str, pause_ms: int = PAUSE_MS, popup: QWidget | None = None) -> None:
        self._settle(pause_ms)
        window = self._app.window
        picture = window.grab()
        if popup is not None:
            # On a screen without room for it the list moves; the picture shows its usual place.
            picker = window.picker
            below = picker.mapTo(window, QPoint(0, picker.height() + POPUP_GAP_PX))
            _paint_over(picture, popup, below)
        FOLDER.mkdir(parents=True, exist_ok=True)
        picture.save(str(FOLDER / f"{name}.png"))
        print(f"{name}.png")

    def _until_idle(self) -> None:
        self._until(
            lambda: not self._app.chat.is_answering and self._app.engine.status.facts is not None
        )

    def _until(self, is_reached: Callable[[], bool]) -> None:
        waited_ms = 0
        while not is_reached():
            self._settle(POLL_MS)
            waited_ms += POLL_MS
            if waited_ms > LIMIT_MS:
                raise TimeoutError("the window did not get there")

    def _settle(self, pause_ms: int = PAUSE_MS) -> None:
        loop = QEventLoop()
        QTimer.singleShot(pause_ms, loop, loop.quit)
        loop.exec()

    @Slot(object)
    def _on_weigher_card_changed(self, card: ModelCard) -> None:
        self._card = card

    @Slot(object)
    def _on_engine_tokens_received(self, text: str) -> None:
        self._text += text


def _kind(card: ModelCard) -> FigureKind | None:
    return card.weighing.kind if card.weighing is not None else None


def _paint_over(picture: QPixmap, popup: QWidget, at: QPoint) -> None:
    painter = QPainter(picture)
    painter.drawPixmap(at, popup.grab())
    painter.end()


def _write_broken_model(path: Path) -> None:
    """Write a file that looks like a model from outside and lacks most of its parts."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(2048)
    writer.add_embedding_length(64)
    writer.add_block_count(2)
    writer.add_feed_forward_length(128)
    writer.add_head_count(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["a", "b"])
    writer.add_tensor("token_embd.weight", np.zeros((2, 64), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> int:
    """Take the pictures in a data folder of their own."""
    application = create_application(sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.default(Path(folder))
        paths.create()
        starter = Path(environ["HEFT_STARTER_MODEL"])
        (paths.models / starter.name).symlink_to(starter)
        (paths.models / "Saved-page.gguf").write_text("<!DOCTYPE html><title>Sign in</title>")
        options = WindowOptions(data_dir=Path(folder), model="SmolLM2", files=())
        # Models of other programs on this machine are no part of a picture.
        environ["HOME"] = folder
        with HubServer() as hub:
            model = write_synthetic_model(Path(folder, "model.gguf"), SHAPE)
            hub.add_repository(REPO, {FILE: model}, license="apache-2.0", parameters=PARAMETERS)
            hub.faults = Faults(bytes_per_s=DOWNLOAD_BYTES_PER_S)
            environ.update(hub.variables(paths.hub))
            Photographer(App(paths, options), paths.models).work()
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
