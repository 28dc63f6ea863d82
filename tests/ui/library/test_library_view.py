"""The tab of installed models."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.library import DiskUse, LibraryWork, Relocation, Rename
from desktop.core.local_model import ModelEntry
from desktop.core.model_class import ClassVerdict, ModelClass
from desktop.ui.library.library_view import LibraryView
from desktop.ui.widgets.elided_label import ElidedLabel
from desktop.ui.widgets.question_bar import QuestionBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot, entries: tuple[ModelEntry, ...]) -> LibraryView:
    view = LibraryView()
    qtbot.addWidget(view)
    view.resize(1036, 700)
    view.show_entries(entries)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


def button(view: QWidget, text: str) -> QPushButton:
    visible = [one for one in view.findChildren(QPushButton) if one.isVisible()]
    return next(one for one in visible if one.text() == text)


def texts(view: QWidget) -> list[str]:
    return [button.text() for button in view.findChildren(QPushButton) if button.isVisible()]


def words(view: QWidget) -> str:
    labels = [label for label in view.findChildren(QLabel) if label.isVisible()]
    return "\n".join(
        label.whole_text() if isinstance(label, ElidedLabel) else label.text() for label in labels
    )


def choose(view: LibraryView, name: str) -> None:
    items = view.list_view().model()
    row = next(row for row in range(items.rowCount()) if items.index(row, 0).data() == name)
    view.list_view().setCurrentIndex(items.index(row, 0))


def listed(view: LibraryView) -> list[str]:
    items = view.list_view().model()
    return [items.index(row, 0).data() for row in range(items.rowCount())]


def dialog_of(view: QWidget) -> QFileDialog:
    dialog = view.window().findChild(QFileDialog)
    assert dialog is not None
    return dialog


def test_the_card_tells_how_each_figure_is_known(view: LibraryView) -> None:
    choose(view, "SmolLM2 135M Instruct")
    facts = view.card().facts()
    assert facts.value_of("speed") == "134 tokens/s, measured"
    choose(view, "Qwen3 4B")
    assert facts.value_of("memory") == "≈ 3.10 GB, estimated"
    choose(view, "Llama 3.3 70B")
    assert facts.value_of("speed") == "not available"
    assert facts.value_of("on this machine") == "Does not fit"


def test_the_card_says_why_a_model_is_small(view: LibraryView, starter: ModelEntry) -> None:
    reason = "135M parameters: it runs on a phone."
    verdict = ClassVerdict(ModelClass.SMALL, reason)
    view.show_entries((replace(starter, class_verdict=verdict),))
    assert "Small language model, 135M parameters" in words(view.card())
    assert reason in words(view.card())


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Load", "model_chosen"),
        ("Verify", "verification_requested"),
        ("Show in folder", "folder_requested"),
        ("Remove", "removal_requested"),
    ],
)
def test_each_button_asks_for_the_chosen_model(
    qtbot: QtBot, view: LibraryView, middle: ModelEntry, text: str, signal: str
) -> None:
    choose(view, "Qwen3 4B")
    with qtbot.waitSignal(getattr(view, signal)) as blocker:
        qtbot.mouseClick(button(view.card(), text), LEFT)
    assert blocker.args == [middle.model.path]


def test_the_keyboard_loads_and_removes(
    qtbot: QtBot, view: LibraryView, middle: ModelEntry
) -> None:
    choose(view, "Qwen3 4B")
    for key, signal in (
        (Qt.Key.Key_Return, view.model_chosen),
        (Qt.Key.Key_Delete, view.removal_requested),
    ):
        with qtbot.waitSignal(signal) as blocker:
            qtbot.keyClick(view.list_view(), key)
        assert blocker.args == [middle.model.path]


def test_the_model_in_use_is_opened_not_loaded(view: LibraryView, starter: ModelEntry) -> None:
    view.show_current(starter.model.path)
    choose(view, "SmolLM2 135M Instruct")
    assert "Open in Chat" in texts(view.card())
    assert "Load" not in texts(view.card())


def test_a_name_is_edited_where_it_stands(
    qtbot: QtBot, view: LibraryView, middle: ModelEntry
) -> None:
    choose(view, "Qwen3 4B")
    qtbot.keyClick(view.list_view(), Qt.Key.Key_F2)
    field = view.card().findChild(QLineEdit)
    assert field.selectedText() == "Qwen3 4B"
    qtbot.keyClicks(field, "My Qwen")
    with qtbot.waitSignal(view.rename_requested) as blocker:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert blocker.args == [Rename(middle.model.path, "My Qwen")]
    assert not field.isVisible()


def test_esc_keeps_the_name(qtbot: QtBot, view: LibraryView) -> None:
    qtbot.mouseClick(button(view.card(), "Rename"), LEFT)
    field = view.card().findChild(QLineEdit)
    qtbot.keyClicks(field, "No")
    with qtbot.assertNotEmitted(view.rename_requested):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()


def test_a_broken_model_says_what_is_wrong_and_is_located(
    qtbot: QtBot, view: LibraryView, broken: ModelEntry
) -> None:
    choose(view, "page")
    assert "It is an HTML page." in words(view.card())
    assert "Load" not in texts(view.card())
    with qtbot.assertNotEmitted(view.model_chosen):
        qtbot.keyClick(view.list_view(), Qt.Key.Key_Return)
    qtbot.mouseClick(button(view.card(), "Locate…"), LEFT)
    with qtbot.waitSignal(view.file_located) as blocker:
        dialog_of(view).fileSelected.emit("/else/page.gguf")
    assert blocker.args == [Relocation(broken.model.path, Path("/else/page.gguf"))]


def test_files_are_added(qtbot: QtBot, view: LibraryView) -> None:
    qtbot.mouseClick(button(view, "Add a file…"), LEFT)
    with qtbot.waitSignal(view.files_added) as blocker:
        dialog_of(view).filesSelected.emit(["/a.gguf", "/b.gguf"])
    assert blocker.args == [(Path("/a.gguf"), Path("/b.gguf"))]


def test_the_folder_is_moved(qtbot: QtBot, view: LibraryView) -> None:
    qtbot.mouseClick(button(view, "Move the folder…"), LEFT)
    with qtbot.waitSignal(view.folder_move_requested) as blocker:
        dialog_of(view).fileSelected.emit("/media/large")
    assert blocker.args == [Path("/media/large")]


def test_a_search_that_finds_nothing_says_so(qtbot: QtBot, view: LibraryView) -> None:
    search = next(one for one in view.findChildren(QLineEdit) if one.isVisible())
    qtbot.keyClicks(search, "llama")
    assert listed(view) == ["Llama 3.3 70B"]
    qtbot.keyClicks(search, "zzz")
    assert "No model has these words." in words(view)
    assert not view.card().isVisible()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert len(listed(view)) == 4
    assert view.card().isVisible()


def test_the_chosen_model_stays_when_the_list_changes(
    view: LibraryView, entries: tuple[ModelEntry, ...], middle: ModelEntry
) -> None:
    choose(view, "Qwen3 4B")
    view.show_entries(tuple(one for one in entries if one.model.name != "Llama 3.3 70B"))
    assert view.list_view().currentIndex().data() == "Qwen3 4B"
    place = view.list_view().currentIndex().row()
    view.show_entries(tuple(one for one in entries if one is not middle))
    assert view.list_view().currentIndex().row() == place


def test_without_a_model_there_is_one_thing_to_do(qtbot: QtBot, view: LibraryView) -> None:
    view.show_entries(())
    assert "No models yet. Find one, or drop a .gguf here." in words(view)
    with qtbot.waitSignal(view.find_requested):
        qtbot.mouseClick(button(view, "Find a model"), LEFT)


def test_the_trash_is_emptied_only_after_a_question(qtbot: QtBot, view: LibraryView) -> None:
    view.show_disk_use(DiskUse(5_000_000_000, 1_200_000_000, 41_000_000_000))
    empty = button(view, "Empty the trash (1.20 GB)")
    with qtbot.assertNotEmitted(view.trash_emptying_requested):
        qtbot.mouseClick(empty, LEFT)
        qtbot.mouseClick(button(view, "Keep them"), LEFT)
        qtbot.mouseClick(empty, LEFT)
    assert "1.20 GB come free" in words(view.findChild(QuestionBar))
    with qtbot.waitSignal(view.trash_emptying_requested):
        qtbot.mouseClick(button(view, "Empty the trash"), LEFT)


def test_an_empty_trash_has_no_button(view: LibraryView) -> None:
    view.show_disk_use(DiskUse(5_000_000_000, 0, 41_000_000_000))
    assert not any(text.startswith("Empty the trash") for text in texts(view))


def test_long_work_is_told_and_can_be_given_up(qtbot: QtBot, view: LibraryView) -> None:
    view.show_work(LibraryWork("Checking Qwen3 4B", 0.42, can_cancel=True))
    assert "Checking Qwen3 4B" in words(view)
    assert "42 %" in words(view)
    with qtbot.waitSignal(view.work_cancelled):
        qtbot.mouseClick(button(view, "Cancel"), LEFT)
    view.show_work(LibraryWork("Deleting the old copies", None, can_cancel=False))
    assert not any(bar.isVisible() for bar in view.findChildren(QProgressBar))
    assert "Cancel" not in texts(view)
    view.show_work(None)
    assert "Deleting the old copies" not in words(view)


@pytest.mark.parametrize("size", [(1036, 700), (768, 700), (592, 400)])
def test_list_and_card_are_within_the_view_at_every_size(
    qtbot: QtBot, view: LibraryView, size: tuple[int, int]
) -> None:
    view.resize(*size)
    qtbot.waitUntil(lambda: _is_beside(view) is (size[0] > 900))
    for part in (view.list_view(), view.card()):
        area = part.rect().translated(part.mapTo(view, part.rect().topLeft()))
        assert view.rect().contains(area)
        assert area.height() > 80
    assert view.width() == size[0]


def _is_beside(view: LibraryView) -> bool:
    return view.card().x() > view.list_view().geometry().right()


def test_it_tells_when_the_list_comes_into_sight(view: LibraryView, qtbot: QtBot) -> None:
    view.hide()
    with qtbot.waitSignal(view.opened):
        view.show()
