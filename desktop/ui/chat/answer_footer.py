"""What stands under an answer: its phase, then its figures, what to do with it, the phase bar."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.conversation import Message, MessageState
from desktop.core.generation import GenerationFigures
from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.core.text_format import format_count, format_seconds
from desktop.ui.chat.copy_button import CopyButton
from desktop.ui.chat.figures_text import decode_s, figures_line, figures_tooltip
from desktop.ui.theme import SPACE_XS
from desktop.ui.widgets.elided_label import ElidedLabel
from desktop.ui.widgets.icon_button import IconButton
from desktop.ui.widgets.stacked_bar import Segment, StackedBar

_LINE_PX, _BAR_PX = 30, 6


class AnswerFooter(QWidget):
    """Keeps its height from the first word to the last, so that nothing moves at the end.

    Signals:
        retry_requested(): The reader wants another answer.
    """

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._label.setProperty("role", "secondary")
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._copy = CopyButton("Copy answer")
        self._retry = IconButton("rotate-ccw", "Answer again")
        self._retry.setIconSize(self._copy.iconSize())
        self._bar = StackedBar("Where the time went", _BAR_PX)
        self._is_finished = False
        self._offers_retry = False
        line = QHBoxLayout()
        line.setSpacing(SPACE_XS)
        line.addWidget(self._label, 1)
        line.addWidget(self._copy)
        line.addWidget(self._retry)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(line)
        layout.addWidget(self._bar)
        self.setFixedHeight(_LINE_PX + SPACE_XS + _BAR_PX)
        self._retry.clicked.connect(self.retry_requested)

    def show_message(self, message: Message) -> None:
        """Show the figures of a finished answer, or that it is under way."""
        self._is_finished = message.state is not MessageState.STREAMING
        self._copy.set_text(message.text)
        self._copy.setVisible(self._is_finished and bool(message.text))
        self._retry.setVisible(self._is_finished and self._offers_retry)
        if message.figures is not None:
            self._show_figures(message.figures)
            return
        self._label.setText("broken off" if message.state is MessageState.INTERRUPTED else "")
        self._show_bar(())

    def offer_retry(self, *, offered: bool) -> None:
        """Say whether the answer can be given again: only the newest one can."""
        self._offers_retry = offered
        self._retry.setVisible(self._is_finished and offered)

    def show_status(self, status: EngineStatus) -> None:
        """Say how far the engine is with the answer that is under way."""
        if self._is_finished:
            return
        self._label.setText(_phase_text(status))
        if status.phase is EnginePhase.READING and status.prompt_tokens:
            done = Segment(status.prompt_done_tokens, "context", _phase_text(status))
            self._show_bar((done,), status.prompt_tokens)
        else:
            self._show_bar(())

    def _show_figures(self, figures: GenerationFigures) -> None:
        self._label.setText(figures_line(figures))
        self.setToolTip(figures_tooltip(figures))
        first_s, answering_s = figures.time_to_first_token_s or 0.0, decode_s(figures)
        self._show_bar(
            (
                Segment(first_s, "context", f"reading the prompt {format_seconds(first_s)}"),
                Segment(answering_s, "weights", f"answering {format_seconds(answering_s)}"),
            ),
            first_s + answering_s,
        )

    def _show_bar(self, segments: tuple[Segment, ...], total: float = 0.0) -> None:
        self._bar.show_segments(segments, total)
        self._bar.setToolTip(self._bar.accessibleDescription())
        self._bar.setVisible(total > 0)


def _phase_text(status: EngineStatus) -> str:
    if status.phase is EnginePhase.READING and status.prompt_tokens:
        done, total = status.prompt_done_tokens, status.prompt_tokens
        return f"{status.phase.value} {format_count(done)} of {format_count(total)}"
    if status.phase is EnginePhase.LOADING:
        return f"loading {status.model_name} {status.progress:.0%}"
    return "" if status.phase in {EnginePhase.IDLE, EnginePhase.EMPTY} else status.phase.value
