"""The place for models: what is here, what can be had, what is on its way, and which to choose."""

from enum import Enum

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui.theme import SPACE_S, SPACE_XS
from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.choice_row import ChoiceLook, ChoiceRow
from desktop.ui.widgets.hairline import Hairline
from desktop.ui.widgets.icon_button import IconButton
from desktop.ui.widgets.notice_line import NoticeLine


class ModelsTab(Enum):
    """The parts of the page, in their order; the value is what the tab says."""

    INSTALLED = "Installed"
    FIND = "Find"
    DOWNLOADS = "Downloads"
    TRADE_OFF = "Small or large?"


class ModelsPage(QWidget):
    """Four views behind a row of tabs, with a banner above them and a line of notices below.

    Signals:
        tab_changed(object: ModelsTab): Another view is shown.
    """

    tab_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = ChoiceRow(
            "Parts of Models", tuple(tab.value for tab in ModelsTab), ChoiceLook.TABS
        )
        self.sidebar_toggle = IconButton("panel-left", "Show or hide the chats", "Ctrl+B")
        self.banner = Banner()
        self.notice = NoticeLine(self, is_floating=True)
        self._stack = QStackedWidget()
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, 0)
        row.addWidget(self.sidebar_toggle)
        row.addWidget(self._tabs)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(Hairline())
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)
        self._tabs.chosen.connect(self._on_tabs_chosen)

    def add_view(self, view: QWidget) -> None:
        """Put a view behind the next tab."""
        self._stack.addWidget(view)

    @property
    def tab(self) -> ModelsTab:
        """The view that is shown."""
        return tuple(ModelsTab)[self._tabs.index]

    @Slot(object)
    def show_tab(self, tab: ModelsTab) -> None:
        """Show a view."""
        if tab is self.tab:
            return
        self._tabs.choose(tuple(ModelsTab).index(tab))
        self._show(tab)

    @Slot(object)
    def show_download_count(self, count: int) -> None:
        """Show how many downloads are under way; 0 shows no number."""
        word = ModelsTab.DOWNLOADS.value
        index = tuple(ModelsTab).index(ModelsTab.DOWNLOADS)
        self._tabs.set_word(index, f"{word} ({count})" if count else word)

    def tabs(self) -> ChoiceRow:
        """Return the row of tabs."""
        return self._tabs

    def focus_tabs(self) -> None:
        """Go to the tabs."""
        self._tabs.button(self._tabs.index).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the notice at the lower edge."""
        super().resizeEvent(event)
        self.notice.setGeometry(
            0, self.height() - self.notice.height(), self.width(), self.notice.height()
        )

    def _show(self, tab: ModelsTab) -> None:
        self._stack.setCurrentIndex(tuple(ModelsTab).index(tab))
        self.tab_changed.emit(tab)

    @Slot(object)
    def _on_tabs_chosen(self, index: int) -> None:
        self._show(tuple(ModelsTab)[index])
