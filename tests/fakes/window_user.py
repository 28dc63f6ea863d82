"""Somebody at the window, who has a keyboard and eyes and knows nothing of what is inside."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from desktop.ui.chat.answer_footer import AnswerFooter
from desktop.ui.chat.message_view import AnswerView, PromptView
from desktop.ui.chat.segment_stack import SegmentStack
from desktop.ui.main_window import MainWindow
from desktop.ui.models.model_items import ROW_ROLE
from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.elided_label import ElidedLabel

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALONE = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True)
class SeenAnswer:
    """An answer on the screen: who wrote it, the words, the line below, and what broke it off."""

    model: str
    words: str
    footer: str
    problem: str


@dataclass(frozen=True)
class SeenModel:
    """A row of the list of models: what it says and, if it cannot be chosen, why."""

    name: str
    trouble: str
    tooltip: str
    spoken: str
    can_be_chosen: bool


class WindowUser:
    """Writes, presses keys and buttons, and reads what is on the screen."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = ALONE) -> None:
        QTest.keyClick(_listener(self.window), key, modifier)

    def type(self, words: str) -> None:
        QTest.keyClicks(_listener(self.window), words)

    def paste(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)
        self.press(Qt.Key.Key_V, CONTROL)

    def say(self, words: str) -> None:
        """Go to the composer, write and send."""
        self.press(Qt.Key.Key_Escape, SHIFT)
        self.type(words)
        self.press(Qt.Key.Key_Return)

    def choose_model(self, words: str) -> None:
        """Open the list of models, find one by its name, and take it."""
        self.press(Qt.Key.Key_L, CONTROL)
        self.type(words)
        self.press(Qt.Key.Key_Return)

    def scroll_up(self) -> None:
        """Go to the beginning of the conversation."""
        QTest.keyClick(self.window.transcript, Qt.Key.Key_Home)

    def click(self, name: str) -> None:
        """Press the button of this name with the mouse."""
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def button(self, name: str) -> QAbstractButton:
        buttons = [one for one in self.window.findChildren(QAbstractButton) if one.isVisible()]
        [found] = [one for one in buttons if spoken_name(one) == name]
        return found

    def walk(self) -> set[QWidget]:
        """Press Tab until it comes back to where it was, and return what it reached."""
        reached: set[QWidget] = set()
        while (widget := QApplication.focusWidget()) not in reached:
            reached.add(widget)
            self.press(Qt.Key.Key_Tab)
        return reached

    def controls(self) -> set[QWidget]:
        """Return everything that Tab has to reach."""
        return {widget for widget in self.window.findChildren(QWidget) if _takes_tab(widget)}

    def drop(self, files: list[str], place: QPoint) -> bool:
        """Drag files over a place of the window and let go; tells whether they were taken."""
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(file) for file in files])
        what = (Qt.DropAction.CopyAction, content, Qt.MouseButton.LeftButton, ALONE)
        native = self.window.windowHandle()
        over = QDragEnterEvent(place, *what)
        QApplication.sendEvent(native, over)
        if not over.isAccepted():
            return False
        let_go = QDropEvent(QPointF(place), *what)
        QApplication.sendEvent(native, let_go)
        return let_go.isAccepted()

    def questions(self) -> list[str]:
        """Return the user's own messages, as far as they are on the screen."""
        return [visible_text(view) for view in _from_above(self.window, PromptView)]

    def answers(self) -> list[SeenAnswer]:
        return [_seen_answer(view) for view in _from_above(self.window, AnswerView)]

    def phase(self) -> str:
        """Return what the scale says the engine is doing."""
        return self._scale()[0]

    def tokens_per_s(self) -> float:
        """Return the speed on the scale; 0 if none is shown."""
        return _number(r"([\d.,]+) tokens/s", self._scale())

    def memory_gb(self) -> float:
        """Return the memory of the engine on the scale; 0 if none is shown."""
        return _number(r"([\d.,]+) GB of memory", self._scale())

    def banner(self) -> str:
        return visible_text(self.window.banner)

    def question(self) -> str:
        return visible_text(self.window.question)

    def notice(self) -> str:
        return visible_text(self.window.notice)

    def model(self) -> str:
        """Return what the bar at the top says."""
        return visible_text(self.window.picker)

    def composer(self) -> str:
        return visible_text(self.window.composer)

    def chats(self) -> list[str]:
        """Return the list at the left, the days among the titles."""
        items = self.window.conversations.list_view().model()
        return [items.index(row, 0).data() for row in range(items.rowCount())]

    def models(self) -> list[SeenModel]:
        """Open the list of models, read it and close it again."""
        self.press(Qt.Key.Key_L, CONTROL)
        rows = self.listed_models()
        self.press(Qt.Key.Key_Escape)
        return rows

    def listed_models(self) -> list[SeenModel]:
        """Return what is in the list of models, opened or not."""
        view = self.window.picker.popup().findChild(QListView)
        items = view.model()
        indexes = [items.index(row, 0) for row in range(items.rowCount())]
        return [_seen_model(index) for index in indexes if index.data(ROW_ROLE).entry is not None]

    def _scale(self) -> list[str]:
        panel, line = self.window.scale, self.window.scale_line
        shown = panel if panel.isVisible() else line
        return shown.accessibleDescription().split(", ")


def visible_text(widget: QWidget) -> str:
    """Return everything that is written inside a widget and can be seen."""
    if not widget.isVisible():
        return ""
    own = _own_text(widget)
    if own is not None:
        return own
    children = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    parts = (visible_text(child) for child in children if not child.isWindow())
    return "\n".join(part for part in parts if part)


def spoken_name(widget: QWidget) -> str:
    """Return what a screen reader calls a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def _own_text(widget: QWidget) -> str | None:
    match widget:
        case ElidedLabel():
            return widget.whole_text()
        case QLabel() | QLineEdit():
            return widget.text()
        case QPlainTextEdit() | QTextEdit():
            return widget.toPlainText()
        case QAbstractButton() if widget.text():
            return widget.text()
    return None


def _listener(window: QWidget) -> QWidget:
    """Return the widget that hears the keyboard."""
    popup = QApplication.activePopupWidget()
    top = popup if popup is not None else window
    return top.focusWidget() or top


def _takes_tab(widget: QWidget) -> bool:
    takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    is_here = widget.isVisible() and widget.isEnabled() and widget.window().isActiveWindow()
    return bool(takes_tab) and is_here and widget.focusProxy() is None


def _from_above(window: MainWindow, kind: type[QWidget]) -> list[QWidget]:
    views = [view for view in window.transcript.findChildren(kind) if view.isVisible()]
    return sorted(views, key=QWidget.y)


def _seen_answer(view: QWidget) -> SeenAnswer:
    name, words, footer, banner = (
        view.findChild(kind, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for kind in (ElidedLabel, SegmentStack, AnswerFooter, Banner)
    )
    problem = visible_text(banner) if banner is not None else ""
    return SeenAnswer(name.whole_text(), visible_text(words), visible_text(footer), problem)


def _seen_model(index) -> SeenModel:
    problem = index.data(ROW_ROLE).entry.model.problem
    return SeenModel(
        name=index.data(),
        trouble=problem.title if problem is not None else "",
        tooltip=index.data(Qt.ItemDataRole.ToolTipRole),
        spoken=index.data(Qt.ItemDataRole.AccessibleTextRole),
        can_be_chosen=index.flags() != Qt.ItemFlag.NoItemFlags,
    )


def _number(pattern: str, parts: list[str]) -> float:
    for part in parts:
        match = re.match(pattern, part)
        if match is not None:
            return float(match[1].replace(",", ""))
    return 0.0
