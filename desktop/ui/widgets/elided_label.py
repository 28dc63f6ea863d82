"""A label that shortens long text in the middle."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_MINIMUM_CHARACTERS = 4


class ElidedLabel(QLabel):
    """One line of plain text; what does not fit is left out and stands in the tooltip.

    `setText` takes the whole text and `whole_text` returns it; `text` is what is visible.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(parent)
        self._whole = ""
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text; line breaks become spaces."""
        whole = " ".join(text.splitlines())
        if whole == self._whole:
            return
        self._whole = whole
        self.setAccessibleName(whole)
        self.updateGeometry()
        self._elide()

    def whole_text(self) -> str:
        """Return the text before it was shortened."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        return QSize(self._width_of(self._whole), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters."""
        shortest = self._whole[:_MINIMUM_CHARACTERS]
        return QSize(self._width_of(f"{shortest}…"), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten again."""
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        """Shorten again when the font changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()
            self._elide()

    def _width_of(self, text: str) -> int:
        margins = self.contentsMargins()
        return self.fontMetrics().horizontalAdvance(text) + margins.left() + margins.right() + 1

    def _elide(self) -> None:
        room = self.contentsRect().width()
        visible = self.fontMetrics().elidedText(self._whole, self._mode, room)
        super().setText(visible)
        self.setToolTip(self._whole if visible != self._whole else "")
