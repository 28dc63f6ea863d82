"""Draws the rows of the list of models to find."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.discover.fit_color import fit_color
from desktop.ui.discover.offer import Offer, OfferRow
from desktop.ui.discover.offer_items import OFFER_ROLE
from desktop.ui.discover.offer_text import INSTALLED, about_text, downloads_text, memory_text
from desktop.ui.theme import (
    SECONDARY_PX,
    SPACE_M,
    SPACE_S,
    SPACE_XS,
    Tokens,
    text_font,
    tokens_for,
)
from desktop.ui.widgets.row_painting import RIGHT, Ink, paint_ground, write_line

_ROW_PX, _HEADING_PX = 54, 36
_END = Qt.TextElideMode.ElideRight


class OfferDelegate(QStyledItemDelegate):
    """Two lines an offer: name, maker and fit; below, what it is and what it takes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._strong = text_font(strong=True)
        self._small = text_font(SECONDARY_PX)
        self._small_strong = text_font(SECONDARY_PX, strong=True)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Rows are as wide as the list."""
        row: OfferRow = index.data(OFFER_ROLE)
        return QSize(0, _HEADING_PX if row.offer is None else _ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a heading or an offer."""
        row: OfferRow = index.data(OFFER_ROLE)
        tokens = tokens_for(option.palette)
        rect: QRect = option.rect
        inner = rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        painter.save()
        if row.offer is None:
            foot = inner.adjusted(0, SPACE_S, 0, 0)
            write_line(painter, foot, row.heading, Ink(self._small_strong, tokens.secondary))
        else:
            paint_ground(painter, option, tokens)
            self._draw_offer(painter, inner.adjusted(0, SPACE_S, 0, -SPACE_S), row.offer, tokens)
        painter.restore()

    def _draw_offer(self, painter: QPainter, rect: QRect, offer: Offer, tokens: Tokens) -> None:
        middle = rect.height() // 2
        upper, lower = rect.adjusted(0, 0, 0, -middle), rect.adjusted(0, middle, 0, 0)
        quiet = Ink(self._small, tokens.secondary)
        state, ink = self._state(offer, tokens)
        right = quiet.width_of(state)
        write_line(painter, upper, state, ink, alignment=RIGHT)
        upper.setRight(upper.right() - right - (SPACE_M if right else 0))
        name_color = tokens.text if offer.is_installable else tokens.secondary
        name = Ink(self._strong, name_color)
        maker_px = quiet.width_of(offer.maker) + SPACE_S
        has_room = name.width_of(offer.name) + maker_px <= upper.width()
        upper_name = upper if has_room else upper.adjusted(0, 0, -min(maker_px, 90), 0)
        taken = write_line(painter, upper_name, offer.name, name)
        upper.setLeft(upper.left() + taken + SPACE_S)
        # Smaller letters stand on the same line as the larger ones.
        write_line(painter, upper.adjusted(0, 1, 0, 1), offer.maker, quiet, mode=_END)
        figure = memory_text(offer) or downloads_text(offer)
        write_line(painter, lower, figure, quiet, alignment=RIGHT)
        lower.setRight(lower.right() - quiet.width_of(figure) - (SPACE_M if figure else 0))
        write_line(painter, lower.adjusted(0, 0, SPACE_XS, 0), about_text(offer), quiet, mode=_END)

    def _state(self, offer: Offer, tokens: Tokens) -> tuple[str, Ink]:
        """Return the word at the right: that it is here, or how it fits."""
        if offer.is_installed:
            return INSTALLED.capitalize(), Ink(self._small, tokens.accent)
        if offer.fit is None:
            return "", Ink(self._small, tokens.secondary)
        return offer.fit.value, Ink(self._small, fit_color(tokens, offer.fit))
