"""A model that is suggested: its name, what it would cost here, and what it is good at."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.figure import Figure, FigureKind
from desktop.core.suggestion import Suggestion
from desktop.core.text_format import format_bytes, format_memory, format_speed
from desktop.ui.models.model_text import ESTIMATED_MARK
from desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from desktop.ui.widgets.elided_label import ElidedLabel


class SuggestionButton(QPushButton):
    """Two lines on one button; pressing it leads to the model."""

    def __init__(self, suggestion: Suggestion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._layout.setSpacing(SPACE_XS)
        self.setProperty("variant", "quiet")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{suggestion.name}: {suggestion.line}")
        self.setAccessibleDescription(cost_text(suggestion))
        self.setToolTip(f"Show {suggestion.name} before you download it")
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(_label(ElidedLabel(suggestion.name), "strong"))
        line = ElidedLabel(suggestion.line, mode=Qt.TextElideMode.ElideRight)
        # The name keeps its room; what is said of it is shortened first.
        line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head.addWidget(_label(line, "secondary"), 1)
        self._layout.addLayout(head)
        cost = ElidedLabel(cost_text(suggestion), mode=Qt.TextElideMode.ElideRight)
        self._layout.addWidget(_label(cost, "secondary"))

    def sizeHint(self) -> QSize:
        """Room for all that is said."""
        return self._layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for shortened lines."""
        return self._layout.minimumSize()


def cost_text(suggestion: Suggestion) -> str:
    """Write what it would take: ``1.10 GB to download · ≈ 1.90 GB memory · ≈ 21 tokens/s``.

    How the figures are known comes last, once if it is the same for both.
    """
    memory, speed = suggestion.resident_bytes, suggestion.tokens_per_s
    parts = [
        f"{format_bytes(suggestion.size_bytes)} to download",
        f"{_mark(memory)}{format_memory(memory.value)} memory",
    ]
    if speed is not None:
        parts.append(f"{_mark(speed)}{format_speed(speed.value)}")
    if speed is not None and speed.kind is not memory.kind:
        parts[1] += f", {memory.kind.value}"
        parts[2] += f", {speed.kind.value}"
    else:
        parts.append(memory.kind.value)
    return " · ".join(parts)


def _mark(figure: Figure) -> str:
    return ESTIMATED_MARK if figure.kind is FigureKind.ESTIMATED else ""


def _label(label: QLabel, role: str) -> QLabel:
    label.setProperty("role", role)
    # A press on the words is a press on the button.
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
