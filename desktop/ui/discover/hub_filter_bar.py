"""The search field and the filters that make a search of the Hub."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.hub_model import HubQuery, HubSort
from desktop.core.model_class import ModelClass
from desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from desktop.ui.widgets.choice_button import ChoiceButton

TYPING_PAUSE_MS = 400
_SIZES = {"Small and large": None, "Small only": ModelClass.SMALL, "Large only": ModelClass.LARGE}
_LICENSES = {
    "Any licence": "",
    "Apache 2.0": "apache-2.0",
    "MIT": "mit",
    "Llama 3.1": "llama3.1",
    "Llama 3.2": "llama3.2",
    "Gemma": "gemma",
    "CC BY-NC 4.0": "cc-by-nc-4.0",
}
_SORTS = {sort.value.capitalize(): sort for sort in HubSort}


class HubFilterBar(QWidget):
    """Words, and what the models that have them must be; typing is waited for.

    Signals:
        query_changed(object: HubQuery): Something else is to be shown.
        list_requested(): The reader goes on to the list.
    """

    query_changed = Signal(object)
    list_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = HubQuery()
        self._search = QLineEdit()
        self._size = ChoiceButton("Size", tuple(_SIZES))
        self._license = ChoiceButton("Licence", tuple(_LICENSES))
        self._sort = ChoiceButton("Order of what the Hub has", tuple(_SORTS))
        self._fits = QCheckBox("Fits this machine")
        self._hides_gated = QCheckBox("Hide gated")
        self._timer = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._build()
        self._search.textEdited.connect(self._on_search_edited)
        self._search.textChanged.connect(self._on_search_changed)
        self._search.returnPressed.connect(self._tell)
        self._search.installEventFilter(self)
        self._timer.timeout.connect(self._tell)
        for choice in (self._size, self._license, self._sort):
            choice.chosen.connect(self._tell)
        for box in (self._fits, self._hides_gated):
            box.toggled.connect(self._tell)

    def query(self) -> HubQuery:
        """Return the search that the fields make."""
        return HubQuery(
            words=" ".join(self._search.text().split()),
            sort=list(_SORTS.values())[self._sort.index],
            size_class=list(_SIZES.values())[self._size.index],
            license=list(_LICENSES.values())[self._license.index],
            includes_gated=not self._hides_gated.isChecked(),
            only_fitting=self._fits.isChecked(),
        )

    def has_filters(self) -> bool:
        """Whether anything but words narrows the search."""
        query = self.query()
        return query != HubQuery(words=query.words, sort=query.sort)

    def clear_filters(self) -> None:
        """Let all models through again, and tell."""
        self._reset_filters()
        self._tell()

    def clear(self) -> None:
        """Empty the field, let all models through, and tell."""
        self._search.clear()
        self._reset_filters()
        self._tell()

    def focus_search(self) -> None:
        """Go to the field, its words selected."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down in the field leads to the list."""
        is_key = event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self.list_requested.emit()
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self._search.setPlaceholderText("Words, owner/name, or a Hub address")
        self._search.setAccessibleName("Search for models")
        self._search.setClearButtonEnabled(True)
        self._fits.setToolTip("Leave out what the memory that is available now cannot hold")
        self._hides_gated.setToolTip("Leave out models whose licence must be accepted on the Hub")
        choices, boxes = QHBoxLayout(), QHBoxLayout()
        choices.setSpacing(SPACE_XS)
        boxes.setSpacing(SPACE_M)
        for choice in (self._size, self._license, self._sort):
            choices.addWidget(choice)
        for box in (self._fits, self._hides_gated):
            boxes.addWidget(box)
        choices.addStretch()
        boxes.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._search)
        layout.addLayout(choices)
        layout.addLayout(boxes)

    def _reset_filters(self) -> None:
        self._size.choose(0)
        self._license.choose(0)
        for box in (self._fits, self._hides_gated):
            box.blockSignals(True)
            box.setChecked(False)
            box.blockSignals(False)

    @Slot()
    def _tell(self) -> None:
        self._timer.stop()
        query = self.query()
        if query != self._told:
            self._told = query
            self.query_changed.emit(query)

    @Slot()
    def _on_search_edited(self) -> None:
        self._timer.start()

    @Slot()
    def _on_search_changed(self) -> None:
        if not self._search.text():
            self._tell()
