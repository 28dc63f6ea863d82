"""How a row of the conversation list looks."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.core.conversation import ConversationSummary
from desktop.ui.chat.conversation_items import ItemRole
from desktop.ui.theme import (
    RADIUS_CONTROL,
    SECONDARY_PX,
    SPACE_M,
    SPACE_XS,
    TEXT_PX,
    Tokens,
    text_font,
    tokens_for,
)

Index = QModelIndex | QPersistentModelIndex
_ROW_PX, _DAY_PX = 48, 34
_TITLE_PX, _MODEL_PX = 20, 16
_EDITOR_PX = 34


class ConversationDelegate(QStyledItemDelegate):
    """Paints a title with the model that wrote it, or the name of a day."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._title_font = text_font(TEXT_PX)
        self._model_font = text_font(SECONDARY_PX)
        self._day_font = text_font(SECONDARY_PX, strong=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Give days less height than conversations."""
        is_day = index.data(ItemRole.SUMMARY) is None
        return QSize(0, _DAY_PX if is_day else _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        tokens = tokens_for(option.palette)
        summary = index.data(ItemRole.SUMMARY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(summary, ConversationSummary):
            self._paint_ground(painter, option, tokens)
            self._paint_words(painter, option.rect, summary, tokens)
        else:
            painter.setFont(self._day_font)
            painter.setPen(QColor(tokens.secondary))
            area = option.rect.adjusted(SPACE_XS, 0, 0, -SPACE_XS)
            painter.drawText(
                area,
                Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft,
                index.data(Qt.ItemDataRole.DisplayRole),
            )
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Let the field for a new title fill the row."""
        area = QRect(option.rect)
        area.setHeight(_EDITOR_PX)
        area.moveCenter(option.rect.center())
        editor.setGeometry(area)

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, tokens: Tokens
    ) -> None:
        state = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        is_focused = is_selected and bool(state & QStyle.StateFlag.State_HasFocus)
        if not is_selected and not is_hovered:
            return
        ground = QColor(tokens.selection)
        if not is_selected:
            ground.setAlphaF(0.5)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(tokens.accent), 2) if is_focused else Qt.PenStyle.NoPen)
        area = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, RADIUS_CONTROL, RADIUS_CONTROL)

    def _paint_words(
        self, painter: QPainter, row: QRect, summary: ConversationSummary, tokens: Tokens
    ) -> None:
        height = _TITLE_PX + (_MODEL_PX if summary.model_name else 0)
        area = row.adjusted(SPACE_M, (row.height() - height) // 2, -SPACE_M, 0)
        area.setHeight(_TITLE_PX)
        lines = (
            (summary.title, self._title_font, tokens.text),
            (summary.model_name, self._model_font, tokens.secondary),
        )
        for text, font, color in lines:
            painter.setFont(font)
            painter.setPen(QColor(color))
            shortened = QFontMetrics(font).elidedText(
                text, Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shortened)
            area.translate(0, _TITLE_PX)
            area.setHeight(_MODEL_PX)
