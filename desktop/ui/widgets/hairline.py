"""The line of one pixel that divides regions."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget


class Hairline(QFrame):
    """A line one pixel thin, horizontal unless told otherwise."""

    def __init__(
        self,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if orientation is Qt.Orientation.Horizontal:
            self.setFixedHeight(1)
        else:
            self.setFixedWidth(1)
