"""The bar that names the model in use and opens the list of models."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.core.local_model import ModelEntry
from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.ui.icon import icon_pixmap
from desktop.ui.models.load_progress import LoadProgressView
from desktop.ui.models.model_popup import ModelPopup
from desktop.ui.models.model_text import LEGEND, figures_text, file_text, hint_text
from desktop.ui.theme import SPACE_M, SPACE_S, tokens_for
from desktop.ui.widgets.elided_label import ElidedLabel

_HEIGHT_PX, _LEAST_WIDTH_PX = 36, 280
_CHEVRON_PX = 16
_NAME_PX = 160
"""Room that a long name keeps before figures are left out."""
_OPEN_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}


class ModelPicker(QPushButton):
    """Name, file and figures of the model in use; while one is loaded, how far, and Cancel.

    Signals:
        model_chosen(object: Path): A model is to be loaded.
        load_cancelled(): The load under way is to be given up.
        file_added(object: Path): A file from elsewhere is to be used in place.
        folder_requested(): The model folder is to be shown.
        opened(): The list has opened, a good moment to look for new files.
    """

    model_chosen = Signal(object)
    load_cancelled = Signal()
    file_added = Signal(object)
    folder_requested = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ModelEntry, ...] = ()
        self._current: Path | None = None
        self._status = EngineStatus()
        self._name = ElidedLabel()
        self._file = QLabel()
        self._figures = QLabel()
        self._chevron = QLabel()
        self._progress = LoadProgressView()
        self._popup = ModelPopup(self)
        self._line = QHBoxLayout(self)
        self._build()
        shortcut = QShortcut(QKeySequence("Ctrl+L"), self)
        shortcut.activated.connect(self.open_list)
        self.clicked.connect(self.open_list)
        self._progress.cancel_requested.connect(self.load_cancelled)
        self._popup.model_chosen.connect(self.model_chosen)
        self._popup.add_requested.connect(self._on_popup_add_requested)
        self._popup.folder_requested.connect(self.folder_requested)
        self._refresh()

    @Slot(object)
    def show_models(self, entries: tuple[ModelEntry, ...]) -> None:
        """Show the models on this machine."""
        self._entries = entries
        self._popup.show_models(entries, self._current)
        self._refresh()

    @Slot(object)
    def show_current(self, path: Path | None) -> None:
        """Show which model is in use; None for none."""
        self._current = path
        self._popup.show_models(self._entries, path)
        self._refresh()

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Show how far a load is."""
        before = self._status
        self._status = status
        if (before.phase, before.model_name) != (status.phase, status.model_name):
            self._refresh()
        self._progress.show_fraction(status.progress)

    @Slot()
    def open_list(self) -> None:
        """Open the list of models."""
        self._popup.open_below(self)
        self.opened.emit()

    def popup(self) -> ModelPopup:
        """Return the list."""
        return self._popup

    def sizeHint(self) -> QSize:
        """Room for all that is said."""
        return QSize(self._line.sizeHint().width(), _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Room for shortened names."""
        return QSize(_LEAST_WIDTH_PX, _HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Down open the list; Esc gives up a load."""
        if event.key() in _OPEN_KEYS:
            self.open_list()
        elif event.key() == Qt.Key.Key_Escape and self._is_loading():
            self.load_cancelled.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_chevron()

    def _build(self) -> None:
        self.setFixedHeight(_HEIGHT_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name.setProperty("role", "strong")
        for label in (self._file, self._figures):
            label.setProperty("role", "secondary")
            label.setTextFormat(Qt.TextFormat.PlainText)
        layout = self._line
        layout.setContentsMargins(SPACE_M, 0, SPACE_S, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._name)
        layout.addWidget(self._file)
        layout.addStretch()
        layout.addWidget(self._figures)
        layout.addWidget(self._progress)
        layout.addWidget(self._chevron)
        for words in (self._name, self._file, self._figures, self._chevron):
            # A press on the words is a press on the bar.
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._draw_chevron()

    def _is_loading(self) -> bool:
        return self._status.phase is EnginePhase.LOADING

    def _refresh(self) -> None:
        is_loading = self._is_loading()
        entry = None if is_loading else self._entry()
        self._name.setText(self._name_text(entry))
        self._file.setText("" if entry is None else file_text(entry.model))
        self._figures.setText("" if entry is None else figures_text(entry))
        self._chevron.setVisible(not is_loading)
        self._progress.setVisible(is_loading)
        self.setAccessibleName(f"Model: {self._name.whole_text()}")
        self.setAccessibleDescription(f"{self._file.text()} {self._figures.text()}")
        self._fit()
        about = "" if entry is None else f"\n{hint_text(entry)}\n{LEGEND}"
        self.setToolTip(f"Choose a model  (Ctrl+L){about}")

    def _fit(self) -> None:
        """Show figures and file as far as the name keeps its room: the figures go last."""
        room = self.width() - _CHEVRON_PX - 4 * SPACE_M
        room -= min(self._name.sizeHint().width(), _NAME_PX)
        for label in (self._figures, self._file):
            needed = label.sizeHint().width() + SPACE_S
            label.setVisible(bool(label.text()) and needed <= room)
            room -= needed

    def _name_text(self, entry: ModelEntry | None) -> str:
        if self._is_loading():
            return self._status.model_name or "Model"
        if entry is not None:
            return entry.model.name
        return "Choose a model" if self._entries else "No model yet"

    def _entry(self) -> ModelEntry | None:
        return next((entry for entry in self._entries if entry.model.path == self._current), None)

    def _draw_chevron(self) -> None:
        color = tokens_for(self.palette()).secondary
        ratio = self.devicePixelRatioF()
        self._chevron.setPixmap(icon_pixmap("chevron-down", color, _CHEVRON_PX, ratio))

    @Slot()
    def _on_popup_add_requested(self) -> None:
        dialog = QFileDialog(self.window(), "Add a model file", str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["GGUF models (*.gguf)", "All files (*)"])
        dialog.fileSelected.connect(self._on_dialog_file_selected)
        dialog.open()

    @Slot(str)
    def _on_dialog_file_selected(self, file: str) -> None:
        self.file_added.emit(Path(file))
