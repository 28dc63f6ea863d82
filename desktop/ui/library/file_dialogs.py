"""The system's dialogs for files and folders; they open beside the window and do not stop it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

_MODELS, _ALL = "GGUF models (*.gguf)", "All files (*)"


def ask_for_files(parent: QWidget, title: str, take: Callable[[list[str]], None]) -> None:
    """Ask for model files; `take`, a slot of a QObject, gets the paths unless the user leaves."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(take)
    dialog.open()


def ask_for_file(parent: QWidget, title: str, take: Callable[[str], None]) -> None:
    """Ask for one model file, likewise."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(take)
    dialog.open()


def ask_for_folder(parent: QWidget, title: str, take: Callable[[str], None]) -> None:
    """Ask for a folder, likewise."""
    dialog = _dialog(parent, title, QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(take)
    dialog.open()


def _dialog(parent: QWidget, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
    dialog = QFileDialog(parent.window(), title, str(Path.home()))
    dialog.setFileMode(mode)
    if mode is not QFileDialog.FileMode.Directory:
        dialog.setNameFilters([_MODELS, _ALL])
    # Each question is asked once; the dialog goes with its answer.
    dialog.finished.connect(dialog.deleteLater)
    return dialog
