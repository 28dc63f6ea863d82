"""The list that drops down from the model picker."""

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from desktop.core.local_model import ModelEntry
from desktop.ui.icon import icon
from desktop.ui.models.model_delegate import ModelDelegate
from desktop.ui.models.model_items import ROW_ROLE, ModelItems, ModelRow, rows_of
from desktop.ui.models.model_text import LEGEND
from desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, tokens_for
from desktop.ui.widgets.hairline import Hairline

_WIDTH_PX, _HEIGHT_PX, _EMPTY_PX = 620, 560, 96
_MORE_ICON_PX = 16
_LIST_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class ModelPopup(QFrame):
    """Search, list and ways to get more; typing filters, arrows walk, Enter takes, Esc leaves.

    Signals:
        model_chosen(object: Path): A model is to be loaded; the popup is closed by then.
        more_requested(): The user wants to find models; the popup is closed by then.
        add_requested(): A file from elsewhere is to be added.
        folder_requested(): The model folder is to be shown.
    """

    model_chosen = Signal(object)
    more_requested = Signal()
    add_requested = Signal()
    folder_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._entries: tuple[ModelEntry, ...] = ()
        self._current: Path | None = None
        self._items = ModelItems(self)
        self._search = QLineEdit()
        self._list = QListView()
        self._empty = QLabel()
        self._more = QPushButton("Get more models")
        self._add = QPushButton("Add a model file…")
        self._folder = QPushButton("Open the model folder")
        self._build()
        self._search.textChanged.connect(self._on_search_changed)
        self._search.installEventFilter(self)
        self._list.clicked.connect(self._on_list_clicked)
        self._more.clicked.connect(self._on_more_clicked)
        self._add.clicked.connect(self._on_add_clicked)
        self._folder.clicked.connect(self._on_folder_clicked)

    def show_models(self, entries: tuple[ModelEntry, ...], current: Path | None) -> None:
        """Show the models on this machine; the row and the words of the search stay."""
        self._entries = entries
        self._current = current
        self._refresh(self._selected_path() or current)

    def open_below(self, anchor: QWidget) -> None:
        """Open as wide as the anchor, right below it."""
        self._search.clear()
        self._refresh(self._current)
        self._place(anchor)
        self.show()
        # Only now is it known how many rows there is room for.
        self._select(self._current)
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the arrows and Enter from the search field to the list."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if watched is self._more:
            return self._leave_more(Qt.Key(event.key()))
        if event.key() in _LIST_KEYS:
            self._walk(Qt.Key(event.key()))
            return True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose(self._list.currentIndex())
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter in the list takes the model."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._list.hasFocus():
            self._choose(self._list.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon again with the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the border that the style sheet asks for."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.end()

    def _build(self) -> None:
        # The corners are round, so the window has no ground of its own; see paintEvent.
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName("Models on this machine")
        self._search.setPlaceholderText("Search models")
        self._search.setAccessibleName("Search models")
        self._search.setClearButtonEnabled(True)
        self._build_list()
        self._build_more()
        legend = QLabel(LEGEND)
        legend.setProperty("role", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._search)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._more)
        layout.addWidget(legend)
        layout.addWidget(Hairline())
        layout.addLayout(self._footer())

    def _build_list(self) -> None:
        self._list.setModel(self._items)
        self._list.setItemDelegate(ModelDelegate(self._list))
        self._list.setAccessibleName("Models")
        self._list.setMouseTracking(True)
        self._list.setUniformItemSizes(False)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._empty.setProperty("role", "secondary")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _build_more(self) -> None:
        """Make the way to more models look like one more row, below the last."""
        self._more.setProperty("variant", "row")
        self._more.setAutoDefault(False)
        self._more.setIconSize(QSize(_MORE_ICON_PX, _MORE_ICON_PX))
        self._more.setToolTip("Find models that run on this machine")
        self._more.installEventFilter(self)
        self._tint()

    def _tint(self) -> None:
        self._more.setIcon(icon("plus", tokens_for(self.palette()).accent, _MORE_ICON_PX))

    def _footer(self) -> QHBoxLayout:
        footer = QHBoxLayout()
        footer.setSpacing(SPACE_S)
        for button in (self._add, self._folder):
            button.setProperty("variant", "quiet")
            button.setAutoDefault(False)
            footer.addWidget(button)
        footer.addStretch()
        return footer

    def _place(self, anchor: QWidget) -> None:
        """Take the room that the rows need, below the anchor and within the screen."""
        rows = sum(map(self._list.sizeHintForRow, range(self._items.rowCount())))
        screen = anchor.screen().availableGeometry()
        below = anchor.mapToGlobal(anchor.rect().bottomLeft())
        width = min(max(anchor.width(), _WIDTH_PX), screen.width())
        chrome = self.sizeHint().height() - self._list.sizeHint().height()
        height = min(chrome + max(rows, _EMPTY_PX), _HEIGHT_PX, screen.height())
        left = min(below.x(), screen.right() + 1 - width)
        top = min(below.y() + SPACE_XS, screen.bottom() + 1 - height)
        self.setGeometry(max(left, screen.left()), top, width, height)

    def _refresh(self, select: Path | None) -> None:
        words = self._search.text()
        self._items.show_rows(tuple(rows_of(self._entries, self._current, words)))
        is_empty = not self._items.rows()
        self._list.setVisible(not is_empty)
        self._empty.setVisible(is_empty)
        self._empty.setText(
            f"No model is called “{words}”."
            if self._entries
            else "No model here yet. Get one, or add a model file."
        )
        self._select(select)

    def _select(self, path: Path | None) -> None:
        """Select the model at a path, else the first that can be chosen."""
        choosable = self._choosable()
        rows = self._items.rows()
        matching = [index for index in choosable if _path_of(rows[index]) == path]
        for row in (*matching, *choosable)[:1]:
            self._list.setCurrentIndex(self._items.index(row))
            # A model at the top of its group is shown with the heading above it.
            self._list.scrollTo(self._items.index(max(0, row - 1)))
            self._list.scrollTo(self._items.index(row))

    def _walk(self, key: Qt.Key) -> None:
        choosable = self._choosable()
        row = self._list.currentIndex().row()
        if key == Qt.Key.Key_Down and row == max(choosable, default=row):
            # Below the last model is the way to more of them.
            self._more.setFocus(Qt.FocusReason.TabFocusReason)
        if not choosable:
            return
        place = choosable.index(row) if row in choosable else 0
        page = max(1, self._list.viewport().height() // self._list.sizeHintForRow(choosable[0]))
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
        }
        place = min(max(0, place + steps[key]), len(choosable) - 1)
        self._list.setCurrentIndex(self._items.index(choosable[place]))

    def _leave_more(self, key: Qt.Key) -> bool:
        """Go back up to the list, and press the row with Enter."""
        if key == Qt.Key.Key_Up:
            self._search.setFocus(Qt.FocusReason.BacktabFocusReason)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._more.click()
        return key in {Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter}

    def _choosable(self) -> list[int]:
        return [index for index, row in enumerate(self._items.rows()) if row.can_be_chosen]

    def _selected_path(self) -> Path | None:
        row = self._list.currentIndex().data(ROW_ROLE)
        return _path_of(row) if isinstance(row, ModelRow) else None

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        path = _path_of(row) if isinstance(row, ModelRow) and row.can_be_chosen else None
        if path is not None:
            self.hide()
            self.model_chosen.emit(path)

    @Slot()
    def _on_search_changed(self) -> None:
        self._refresh(self._selected_path())

    @Slot(QModelIndex)
    def _on_list_clicked(self, index: QModelIndex) -> None:
        self._choose(index)

    @Slot()
    def _on_more_clicked(self) -> None:
        self.hide()
        self.more_requested.emit()

    @Slot()
    def _on_add_clicked(self) -> None:
        self.hide()
        self.add_requested.emit()

    @Slot()
    def _on_folder_clicked(self) -> None:
        self.hide()
        self.folder_requested.emit()


def _path_of(row: ModelRow) -> Path | None:
    return None if row.entry is None else row.entry.model.path
