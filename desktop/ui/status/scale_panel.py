"""The scale: the panel that always shows speed, memory, context and machine."""

from time import monotonic

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.telemetry import EnginePhase, EngineStatus, MachineSnapshot
from desktop.core.text_format import format_memory, format_speed
from desktop.ui.status import scale_text
from desktop.ui.status.refresh_pace import RefreshPace
from desktop.ui.theme import SPACE_L, SPACE_S
from desktop.ui.widgets.elided_label import ElidedLabel
from desktop.ui.widgets.facts_grid import FactsGrid
from desktop.ui.widgets.sparkline import Sparkline
from desktop.ui.widgets.stacked_bar import StackedBar

WIDTH_PX = 268
_THIN_BAR_PX = 6
_LARGE_DESCENT_PX, _DESCENT_PX = 6, 3
"""From the lower edge of a figure to the base line of its unit."""


class ScalePanel(QScrollArea):
    """Four sections, one below the other, 268 px wide; scrolls when the window is low.

    It emits nothing: the scale only shows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = EngineStatus()
        self._snapshot: MachineSnapshot | None = None
        self._pace = RefreshPace(self)
        self._phase = ElidedLabel(mode=Qt.TextElideMode.ElideLeft)
        self._speed = _label("large-figure")
        self._unit = _label("secondary")
        self._curve = Sparkline("Speed in the last minute", format_speed)
        self._speed_facts = FactsGrid()
        self._memory = _label("figure")
        self._share = _label("secondary")
        self._memory_bar = StackedBar("Memory of the engine")
        self._memory_facts = FactsGrid()
        self._room_bar = StackedBar("Memory of the machine", _THIN_BAR_PX)
        self._room_facts = FactsGrid()
        self._context_bar = StackedBar("Context", _THIN_BAR_PX)
        self._context_facts = FactsGrid()
        self._machine_facts = FactsGrid()
        self._build()
        self._pace.due.connect(self._on_pace_due)
        self._pace.refresh()

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Show what the engine is doing; a change of phase at once, figures when it is time."""
        is_new_phase = status.phase is not self._status.phase
        self._status = status
        if is_new_phase:
            self._pace.refresh()
        else:
            self._pace.request()

    @Slot(object)
    def show_snapshot(self, snapshot: MachineSnapshot) -> None:
        """Show what the machine is doing."""
        self._snapshot = snapshot
        self._pace.request()

    @Slot()
    def _on_pace_due(self) -> None:
        self._show_speed()
        self._show_memory()
        self._show_context()
        self._machine_facts.show_facts(scale_text.machine_facts(self._status, self._snapshot))
        self.setAccessibleDescription(
            ", ".join(scale_text.line_parts(self._status, self._snapshot))
        )

    def _show_speed(self) -> None:
        status = self._status
        number, is_live = scale_text.speed_figure(status)
        self._phase.setText(scale_text.phase_text(status))
        self._speed.setText(number)
        self._speed.setEnabled(is_live)
        self._unit.setText(
            "tokens/s" if is_live or number == scale_text.NOTHING else "tokens/s, last answer"
        )
        is_answering = status.phase is EnginePhase.ANSWERING
        self._curve.add(monotonic(), status.tokens_per_s_now if is_answering else None)
        self._speed_facts.show_facts(scale_text.speed_facts(status))

    def _show_memory(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        resident = scale_text.resident_bytes(snapshot)
        self._memory.setText(scale_text.NOTHING if resident is None else format_memory(resident))
        self._memory.setToolTip(scale_text.resident_hint(snapshot))
        self._share.setText(scale_text.share_text(snapshot))
        segments = scale_text.memory_segments(self._status, snapshot)
        self._memory_bar.show_segments(segments, resident or 0)
        self._memory_facts.show_facts(scale_text.memory_facts(self._status, snapshot))
        self._room_bar.show_segments(scale_text.room_segments(snapshot), snapshot.total_bytes)
        self._room_facts.show_facts(scale_text.room_facts(snapshot))

    def _show_context(self) -> None:
        facts = self._status.facts
        total = 0 if facts is None else facts.context_tokens
        self._context_bar.show_segments(scale_text.context_segments(self._status), total)
        self._context_facts.show_facts(scale_text.context_facts(self._status))

    def _build(self) -> None:
        self.setAccessibleName("The scale: speed, memory, context and machine")
        self.setFixedWidth(WIDTH_PX)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._phase.setProperty("role", "secondary")
        self._phase.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._phase.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        content = QFrame()
        content.setProperty("role", "panel")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_S)
        self._build_speed(layout)
        self._build_memory(layout)
        layout.addWidget(_heading("CONTEXT"))
        layout.addWidget(self._context_bar)
        layout.addWidget(self._context_facts)
        layout.addSpacing(SPACE_L)
        layout.addWidget(_heading("MACHINE"))
        layout.addWidget(self._machine_facts)
        layout.addStretch()
        self.setWidget(content)

    def _build_speed(self, layout: QVBoxLayout) -> None:
        line = QHBoxLayout()
        line.addWidget(_heading("SPEED"))
        line.addWidget(self._phase, 1)
        layout.addLayout(line)
        layout.addLayout(_figure(self._speed, self._unit, _LARGE_DESCENT_PX))
        layout.addWidget(self._curve)
        layout.addWidget(self._speed_facts)
        layout.addSpacing(SPACE_L)

    def _build_memory(self, layout: QVBoxLayout) -> None:
        layout.addWidget(_heading("MEMORY"))
        layout.addLayout(_figure(self._memory, self._share, _DESCENT_PX))
        layout.addWidget(self._memory_bar)
        layout.addWidget(self._memory_facts)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self._room_bar)
        layout.addWidget(self._room_facts)
        layout.addSpacing(SPACE_L)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _heading(text: str) -> QLabel:
    label = _label("heading")
    label.setText(text)
    return label


def _figure(number: QLabel, unit: QLabel, descent_px: int) -> QHBoxLayout:
    """Put a figure and its unit on one base line."""
    unit.setContentsMargins(0, 0, 0, descent_px)
    layout = QHBoxLayout()
    layout.setSpacing(SPACE_S)
    layout.addWidget(number, 0, Qt.AlignmentFlag.AlignBottom)
    layout.addWidget(unit, 0, Qt.AlignmentFlag.AlignBottom)
    layout.addStretch()
    return layout
