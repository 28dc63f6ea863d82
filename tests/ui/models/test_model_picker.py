from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.ui.models.model_picker import ModelPicker


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.resize(700, 200)
    QVBoxLayout(window)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def picker(window: QWidget, entries, starter) -> ModelPicker:
    picker = ModelPicker()
    window.layout().addWidget(picker)
    window.show()
    picker.show_models(entries)
    picker.show_current(starter.model.path)
    return picker


def words(picker: ModelPicker) -> list[str]:
    labels = [label for label in picker.findChildren(QLabel) if label.parent() is picker]
    return [label.text() for label in labels if label.text() and label.isVisible()]


def loading(progress: float) -> EngineStatus:
    return EngineStatus(EnginePhase.LOADING, "Qwen3 4B", progress=progress)


def cancel(picker: ModelPicker) -> QPushButton:
    return next(one for one in picker.findChildren(QPushButton) if one.text() == "Cancel")


def test_it_names_the_model_in_use_with_its_figures(picker: ModelPicker):
    assert words(picker) == [
        "SmolLM2 135M Instruct",
        "Q4_1 · 98 MB",
        "134 tokens/s · 0.26 GB · measured",
    ]
    assert picker.accessibleName() == "Model: SmolLM2 135M Instruct"
    assert "measured" in picker.accessibleDescription()


def test_without_a_model_in_use_it_invites_to_choose(picker: ModelPicker):
    picker.show_current(None)
    assert words(picker) == ["Choose a model"]
    picker.show_models(())
    assert words(picker) == ["No model yet"]


def test_a_narrow_bar_keeps_the_figures_longer_than_the_file(picker: ModelPicker):
    picker.setFixedWidth(470)
    assert words(picker)[1:] == ["134 tokens/s · 0.26 GB · measured"]
    picker.setFixedWidth(290)
    assert len(words(picker)) == 1


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Space]
)
def test_keys_open_the_list(picker: ModelPicker, qtbot, key):
    with qtbot.waitSignal(picker.opened):
        qtbot.keyClick(picker, key)
    assert picker.popup().isVisible()
    picker.popup().hide()


def test_ctrl_l_opens_the_list_from_anywhere_in_the_window(picker: ModelPicker, window, qtbot):
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(picker.opened):
        qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    picker.popup().hide()


def test_a_click_on_the_words_opens_the_list(picker: ModelPicker, qtbot):
    with qtbot.waitSignal(picker.opened):
        qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    picker.popup().hide()


def test_a_choice_in_the_list_is_told(picker: ModelPicker, qtbot, middle):
    picker.open_list()
    with qtbot.waitSignal(picker.model_chosen) as chosen:
        picker.popup().model_chosen.emit(middle.model.path)
    assert chosen.args == [middle.model.path]
    picker.popup().hide()


def test_while_loading_it_shows_how_far(picker: ModelPicker):
    picker.show_status(loading(0.0))
    picker.show_status(loading(0.45))
    assert words(picker) == ["Qwen3 4B"]
    assert picker.findChild(QProgressBar).value() == 450
    assert "45 %" in [label.text() for label in picker.findChildren(QLabel)]
    assert cancel(picker).isVisible()


def test_after_loading_it_shows_the_model_again(picker: ModelPicker, middle):
    picker.show_status(loading(0.9))
    picker.show_current(middle.model.path)
    picker.show_status(EngineStatus(EnginePhase.IDLE, "Qwen3 4B"))
    assert words(picker)[0] == "Qwen3 4B"
    assert not cancel(picker).isVisible()


def test_cancel_and_esc_give_up_the_load(picker: ModelPicker, qtbot):
    picker.show_status(loading(0.1))
    with qtbot.waitSignal(picker.load_cancelled):
        qtbot.mouseClick(cancel(picker), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(picker.load_cancelled):
        qtbot.keyClick(picker, Qt.Key.Key_Escape)


def test_esc_does_nothing_when_there_is_no_load(picker: ModelPicker, qtbot):
    with qtbot.assertNotEmitted(picker.load_cancelled):
        qtbot.keyClick(picker, Qt.Key.Key_Escape)


def test_a_file_from_elsewhere_is_told(picker: ModelPicker, qtbot, tmp_path: Path):
    file = tmp_path / "model.gguf"
    file.touch()
    picker.popup().add_requested.emit()
    dialog = picker.window().findChild(QFileDialog)
    dialog.selectFile(str(file))
    with qtbot.waitSignal(picker.file_added) as added:
        dialog.fileSelected.emit(str(file))
    assert added.args == [file]
    dialog.close()


def test_the_folder_is_asked_for(picker: ModelPicker, qtbot):
    with qtbot.waitSignal(picker.folder_requested):
        picker.popup().folder_requested.emit()
