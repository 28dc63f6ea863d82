"""Somebody at the place of models, who finds, fetches and keeps them with a keyboard and eyes."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QWidget
from window_user import CONTROL, WindowUser, spoken_name, visible_text

OFFERS = "Models to find"
INSTALLED = "Models on this machine"
SEARCH = "Search for models"


class ModelsUser(WindowUser):
    """Knows the page of models by what is written on it and what a screen reader says."""

    def go(self) -> None:
        """Go to the models, where the tab is that was there last."""
        self.press(Qt.Key.Key_2, CONTROL)

    def open_tab(self, word: str) -> None:
        """Press a tab; what is counted behind its word does not matter."""
        tabs = self.window.models.tabs()
        [index] = [at for at, text in enumerate(tabs.words()) if text.startswith(word)]
        QTest.mouseClick(tabs.button(index), Qt.MouseButton.LeftButton)

    def tabs(self) -> tuple[str, ...]:
        """Return what the tabs say."""
        return self.window.models.tabs().words()

    def tab(self) -> str:
        """Return what the tab says that is shown."""
        return self.tabs()[self.window.models.tabs().index]

    def find(self, words: str) -> None:
        """Search for models."""
        self.field(SEARCH).setFocus()
        self.field(SEARCH).selectAll()
        self.type(words)
        self.press(Qt.Key.Key_Return)

    def offers(self) -> list[str]:
        """Return the list of models to find, the headings among them."""
        return self._texts(OFFERS)

    def choose_offer(self, name: str) -> None:
        """Press a model in the list, which opens its card."""
        self._press_row(OFFERS, name)

    def installed(self) -> list[str]:
        """Return the names on the list of installed models."""
        return self._texts(INSTALLED)

    def choose_installed(self, name: str) -> None:
        """Press a model in the list of those that are installed."""
        self._press_row(INSTALLED, name)

    def page(self) -> str:
        """Return everything that is written on the page; what lists have is not."""
        return visible_text(self.window.models)

    def buttons(self) -> list[str]:
        """Return the names of the buttons that can be pressed."""
        every = self.window.findChildren(QAbstractButton)
        return [spoken_name(one) for one in every if one.isVisible() and one.isEnabled()]

    def field(self, name: str) -> QLineEdit:
        """Return the field of this name."""
        [field] = self._seen(QLineEdit, name)
        return field

    def tab_to(self, name: str) -> None:
        """Press Tab until something of this name hears the keyboard."""
        passed = []
        while self.focused() != name:
            assert passed.count(self.focused()) < 2, f"Tab reaches {passed}"
            passed.append(self.focused())
            self.press(Qt.Key.Key_Tab)

    def focused(self) -> str:
        """Return what a screen reader calls that which hears the keyboard."""
        widget = self.window.focusWidget()
        return spoken_name(widget) if widget is not None else ""

    def _texts(self, name: str) -> list[str]:
        """Return what is in a list; one that has nothing is not there."""
        views = self._seen(QAbstractItemView, name)
        return [index.data() for view in views for index in _rows(view)]

    def _press_row(self, name: str, text: str) -> None:
        [view] = self._seen(QAbstractItemView, name)
        [index] = [one for one in _rows(view) if one.data() == text]
        view.scrollTo(index)
        place = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def _seen(self, kind: type[QWidget], name: str) -> list[QWidget]:
        seen = [one for one in self.window.findChildren(kind) if one.isVisible()]
        return [one for one in seen if spoken_name(one) == name]


def _rows(view: QAbstractItemView) -> list[QModelIndex]:
    items = view.model()
    return [items.index(row, 0) for row in range(items.rowCount())]
