"""The head of the card: what the model is called, who made it, small or large and why."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.hub_model import HubRepository
from desktop.ui.discover.card_text import (
    class_text,
    license_address,
    page_address,
    qualities,
    source_text,
)
from desktop.ui.discover.offer import Offer
from desktop.ui.icon import icon
from desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, tokens_for
from desktop.ui.widgets.elided_label import ElidedLabel

_LINK_PX = 14
_BESIDE_FROM_PX = 460
_MOST_QUALITIES = 3


class CardHeader(QWidget):
    """Names, links and sentences.

    Signals:
        page_requested(object: str): An https address is to be opened.
    """

    page_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: Offer | None = None
        self._title = ElidedLabel()
        self._source = ElidedLabel()
        self._class = QLabel()
        self._reason = QLabel()
        self._page = _link("Page on the Hub")
        self._license = _link("Licence")
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._qualities = [(QLabel(), QLabel()) for _ in range(_MOST_QUALITIES)]
        self._build()
        self._page.clicked.connect(self._on_page_clicked)
        self._license.clicked.connect(self._on_license_clicked)

    def show_offer(self, offer: Offer, repository: HubRepository | None) -> None:
        """Show a model, with what its repository adds once it is open."""
        self._offer = offer
        self._title.setText(offer.name)
        self._source.setText(source_text(offer))
        name, reason = class_text(offer)
        for label, text in ((self._class, name), (self._reason, reason)):
            label.setText(text)
            label.setVisible(bool(text))
        self._page.setVisible(bool(page_address(offer)))
        self._page.setToolTip(page_address(offer))
        self._license.setVisible(bool(license_address(offer)))
        self._license.setToolTip(license_address(offer))
        color = tokens_for(self.palette()).secondary
        for button in (self._page, self._license):
            button.setIcon(icon("external-link", color, _LINK_PX))
        pairs = [*qualities(offer, repository), *[("", "")] * _MOST_QUALITIES]
        for labels, texts in zip(self._qualities, pairs, strict=False):
            for label, text in zip(labels, texts, strict=True):
                label.setText(text)
                label.setVisible(bool(text))

    def link_buttons(self) -> tuple[QPushButton, QPushButton]:
        """Return the buttons of the Hub's page and of the licence."""
        return self._page, self._license

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the links below the source where there is no room beside it."""
        super().resizeEvent(event)
        is_wide = self.width() >= _BESIDE_FROM_PX
        direction = QBoxLayout.Direction
        self._line.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)

    def _build(self) -> None:
        self._title.setProperty("role", "figure")
        self._source.setProperty("role", "secondary")
        self._class.setProperty("role", "strong")
        self._reason.setProperty("role", "secondary")
        self._reason.setWordWrap(True)
        links = QHBoxLayout()
        links.setSpacing(SPACE_S)
        for button in (self._page, self._license):
            links.addWidget(button)
        links.addStretch()
        self._line.setSpacing(SPACE_S)
        self._line.addWidget(self._source, 1)
        self._line.addLayout(links)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self._title)
        layout.addLayout(self._line)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self._class)
        layout.addWidget(self._reason)
        layout.addSpacing(SPACE_XS)
        layout.addLayout(self._quality_lines())

    def _quality_lines(self) -> QGridLayout:
        lines = QGridLayout()
        lines.setHorizontalSpacing(SPACE_M)
        lines.setVerticalSpacing(SPACE_XS)
        lines.setColumnStretch(1, 1)
        for row, (name, text) in enumerate(self._qualities):
            name.setProperty("role", "secondary")
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
            lines.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            lines.addWidget(text, row, 1)
        return lines

    @Slot()
    def _on_page_clicked(self) -> None:
        if self._offer is not None:
            self.page_requested.emit(page_address(self._offer))

    @Slot()
    def _on_license_clicked(self) -> None:
        if self._offer is not None:
            self.page_requested.emit(license_address(self._offer))


def _link(text: str) -> QPushButton:
    button = QPushButton(f" {text}")  # the space stands between the icon and the words
    button.setProperty("variant", "small")
    button.setAutoDefault(False)
    button.setIconSize(QSize(_LINK_PX, _LINK_PX))
    button.setAccessibleName(text)
    return button
