"""The foot of the card: the one thing to do next, be it download, resume or chat."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.hub_model import HubFile
from desktop.core.text_format import format_bytes
from desktop.ui.theme import SPACE_M, SPACE_XL, SPACE_XS

_STEPS = 1000
_FOOT_PX = 64


class AcquireBar(QWidget):
    """One primary button, and beside it how far the download is.

    Signals:
        download_requested(object: HubFile): The file is to be downloaded.
        download_paused(object: int): A download, by its id, is to stop for now.
        download_resumed(object: int): A download, by its id, is to go on.
        model_chosen(object: Path): The model is here and is to be loaded.
    """

    download_requested = Signal(object)
    download_paused = Signal(object)
    download_resumed = Signal(object)
    model_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: HubFile | None = None
        self._download: DownloadEntry | None = None
        self._path: Path | None = None
        self._button = QPushButton()
        self._pause = QPushButton("Pause")
        self._text = QLabel()
        self._bar = QProgressBar()
        self._build()
        self._button.clicked.connect(self._on_button_clicked)
        self._pause.clicked.connect(self._on_pause_clicked)
        self.show_file(None, None, None)

    def show_file(
        self,
        file: HubFile | None,
        download: DownloadEntry | None,
        path: Path | None,
        hint: str = "",
    ) -> None:
        """Show what can be done with a file.

        Args:
            file: The chosen one; None while none is known.
            download: Its download, if there is one.
            path: Where it is on this machine, if it is.
            hint: What to know before the download.
        """
        self._file, self._path = file, path
        self._download = None if path is not None else download
        state = self._download.state if self._download is not None else None
        is_running = state is not None and (state.is_active or state is DownloadState.QUEUED)
        self._button.setVisible(not is_running)
        self._button.setEnabled(path is not None or file is not None)
        self._button.setText(self._button_text())
        self._pause.setVisible(is_running)
        self._bar.setVisible(self._download is not None and state is not DownloadState.DONE)
        text = hint if self._download is None else download_text(self._download)
        self._text.setText("On this machine" if path is not None else text)
        if self._download is not None:
            whole = max(1, self._download.file.size_bytes)
            self._bar.setValue(round(_STEPS * self._download.done_bytes / whole))

    def button(self) -> QPushButton:
        """Return the primary button."""
        return self._button

    def pause_button(self) -> QPushButton:
        """Return the button that stops a running download for now."""
        return self._pause

    def text(self) -> str:
        """Return what stands beside the button."""
        return self._text.text()

    def _build(self) -> None:
        self._button.setProperty("variant", "primary")
        self._pause.setProperty("variant", "quiet")
        self._pause.setAccessibleName("Pause the download")
        self._text.setProperty("role", "secondary")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Download")
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        words.addStretch()
        words.addWidget(self._text)
        words.addWidget(self._bar)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, 0, SPACE_XL, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._button)
        layout.addWidget(self._pause)
        layout.addLayout(words, 1)
        self.setMinimumHeight(_FOOT_PX)

    def _button_text(self) -> str:
        if self._path is not None:
            return "Open in Chat"
        if self._download is not None and self._download.state is DownloadState.DONE:
            return "Open in Chat"
        if self._download is not None:
            return "Try again" if self._download.state is DownloadState.FAILED else "Resume"
        return f"Download {format_bytes(self._file.size_bytes)}" if self._file else "Download"

    @Slot()
    def _on_button_clicked(self) -> None:
        download = self._download
        path = self._path or (download.path if download is not None else None)
        if path is not None:
            self.model_chosen.emit(path)
        elif download is not None:
            self.download_resumed.emit(download.id)
        elif self._file is not None:
            self.download_requested.emit(self._file)

    @Slot()
    def _on_pause_clicked(self) -> None:
        if self._download is not None:
            self.download_paused.emit(self._download.id)


def download_text(download: DownloadEntry) -> str:
    """Say how far a download is: ``downloading, 0.41 of 0.81 GB, 12 MB/s, 34.0 s left``."""
    if download.problem is not None:
        return download.problem.sentence()
    parts = [download.state.value]
    whole = download.file.size_bytes
    if download.state is not DownloadState.DONE:
        parts.append(f"{format_bytes(download.done_bytes)} of {format_bytes(whole)}")
    if download.state is DownloadState.RUNNING and download.bytes_per_s is not None:
        parts.append(f"{format_bytes(download.bytes_per_s)}/s")
    if download.state is DownloadState.RUNNING and download.remaining_s is not None:
        parts.append(f"{remaining_text(download.remaining_s)} left")
    if download.note:
        parts.append(download.note)
    text = " · ".join(parts)
    return text[:1].upper() + text[1:]


def remaining_text(seconds: float) -> str:
    """Write a time that is left, no more exact than it can be."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    if seconds < 3600:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
