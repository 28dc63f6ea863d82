"""The part of the card that says what a model takes in memory, at which context length."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from desktop.core.figure import FigureKind
from desktop.core.memory_fit import default_context_tokens, judge_fit, verdict
from desktop.core.model_entry import Surroundings
from desktop.core.text_format import NOT_AVAILABLE, format_bytes, format_count, format_memory
from desktop.core.weighing import KvType, Weighing
from desktop.ui.discover.context_scale import STEPS_PER_DOUBLING, ContextScale
from desktop.ui.discover.fit_color import FIT_ROLES
from desktop.ui.discover.memory_chart import GUTTER_PX, LAYERS, MemoryChart
from desktop.ui.models.model_text import ESTIMATED_MARK
from desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from desktop.ui.widgets.choice_row import ChoiceRow
from desktop.ui.widgets.legend import Legend
from desktop.ui.widgets.role import set_role

_NAMES = ("weights", "context", "compute", "engine")
_KV_HINT = "q8_0 nearly halves the memory of the context; answers hardly change."
_KINDS = {
    FigureKind.ESTIMATED: "estimated by a formula",
    FigureKind.WEIGHED: "weighed by llama.cpp",
}
_KNOB_PX = 8
_UNKNOWN = "\N{EN DASH}"


class MemorySection(QWidget):
    """The total, the verdict, the chart, and a slider for the context length.

    Signals:
        kv_type_chosen(object: KvType): The context is to be kept in another packing.
    """

    kv_type_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weighing: Weighing | None = None
        self._surroundings: Surroundings | None = None
        self._scale = ContextScale((1,))
        self._is_moved = False
        self._kind = QLabel()
        self._total = QLabel()
        self._verdict = QLabel()
        self._chart = MemoryChart()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._context = QLabel()
        self._largest = QLabel()
        self._legend = Legend(tuple(zip(LAYERS, _NAMES, strict=True)))
        self._kv = ChoiceRow("Packing of the context", tuple(kv.value for kv in KvType))
        self._build()
        self._slider.valueChanged.connect(self._on_slider_changed)
        self._slider.actionTriggered.connect(self._on_slider_moved)
        self._kv.chosen.connect(self._on_kv_chosen)
        self.show_weighing(None, None)

    @property
    def kv_type(self) -> KvType:
        """The packing that is chosen."""
        return tuple(KvType)[self._kv.index]

    @property
    def context_tokens(self) -> int:
        """The context length that the slider is at."""
        return self._scale.stops[min(self._slider.value(), len(self._scale.stops) - 1)]

    def start_afresh(self) -> None:
        """Forget the last model: the slider goes to what would be loaded."""
        self._is_moved = False
        self.show_weighing(None, None)

    def show_weighing(
        self, weighing: Weighing | None, surroundings: Surroundings | None, stage: str = ""
    ) -> None:
        """Show what a model weighs on this machine; None while that is not known.

        Args:
            weighing: Estimated or weighed.
            surroundings: The memory that it meets.
            stage: What is being done to know more, in words.
        """
        self._surroundings = surroundings
        tokens = self.context_tokens
        self._weighing = weighing
        if weighing is not None and surroundings is not None:
            first, last = weighing.points[0].context_tokens, weighing.points[-1].context_tokens
            loaded = default_context_tokens(weighing.facts, surroundings.available_bytes)
            self._scale = ContextScale.between(first, last).with_stop(loaded)
            tokens = tokens if self._is_moved else loaded
            self._kv.choose(tuple(KvType).index(weighing.kv_type))
        self._show_slider(tokens)
        kind = _KINDS.get(weighing.kind, weighing.kind.value) if weighing is not None else ""
        self._kind.setText(f"{kind}; {stage}" if kind and stage else kind or stage)
        self._refresh()

    def chart(self) -> MemoryChart:
        """Return the chart."""
        return self._chart

    def slider(self) -> QSlider:
        """Return the slider."""
        return self._slider

    def words(self) -> tuple[str, ...]:
        """Return the total, the verdict, the largest context and the kind, as shown."""
        labels = (self._total, self._verdict, self._largest, self._kind)
        return tuple(label.text() for label in labels)

    def _build(self) -> None:
        heading = QLabel("MEMORY")
        heading.setProperty("role", "heading")
        self._total.setProperty("role", "figure")
        for label in (self._kind, self._largest):
            label.setProperty("role", "secondary")
        self._largest.setWordWrap(True)
        self._slider.setAccessibleName("Context length")
        self._slider.setPageStep(STEPS_PER_DOUBLING)
        self._slider.setFixedHeight(24)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch()
        head.addWidget(self._kind)
        total = QHBoxLayout()
        total.setSpacing(SPACE_M)
        total.addWidget(self._total, 0, Qt.AlignmentFlag.AlignBaseline)
        total.addWidget(self._verdict, 1, Qt.AlignmentFlag.AlignBaseline)
        slide = QHBoxLayout()
        slide.setContentsMargins(GUTTER_PX - _KNOB_PX, 0, 0, 0)
        slide.addWidget(self._slider)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addLayout(total)
        layout.addWidget(self._chart)
        layout.addLayout(slide)
        layout.addLayout(self._context_lines())
        layout.addWidget(self._largest)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self._legend)

    def _context_lines(self) -> QHBoxLayout:
        name, packing = QLabel("Context length"), QLabel("kept as")
        for label in (name, packing):
            label.setProperty("role", "secondary")
        packing.setToolTip(_KV_HINT)
        self._kv.setToolTip(_KV_HINT)
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(name)
        line.addWidget(self._context, 1)
        line.addWidget(packing)
        line.addWidget(self._kv)
        return line

    def _show_slider(self, tokens: int) -> None:
        self._slider.blockSignals(True)
        self._slider.setRange(0, len(self._scale.stops) - 1)
        self._slider.setValue(self._scale.index_of(tokens))
        self._slider.blockSignals(False)
        self._slider.setEnabled(self._weighing is not None and len(self._scale.stops) > 1)

    def _refresh(self) -> None:
        weighing, surroundings = self._weighing, self._surroundings
        if weighing is None or surroundings is None:
            self._show_unknown()
            return
        tokens, available = self.context_tokens, surroundings.available_bytes
        total_bytes = weighing.total_bytes_at(tokens)
        mark = ESTIMATED_MARK if weighing.kind is FigureKind.ESTIMATED else ""
        self._total.setText(f"{mark}{format_memory(total_bytes)}")
        fit = judge_fit(total_bytes, available, surroundings.total_bytes)
        set_role(self._verdict, FIT_ROLES[fit])
        self._verdict.setText(verdict(total_bytes, available, surroundings.total_bytes))
        self._chart.show_weighing(weighing, self._scale, available)
        self._chart.show_context(tokens)
        self._context.setText(f"{format_count(tokens)} tokens")
        self._largest.setText(_largest_text(weighing, available))
        self._legend.show_figures(tuple(map(format_bytes, self._chart.layers_at(tokens))))
        self._slider.setAccessibleDescription(
            f"{format_count(tokens)} tokens take {format_memory(total_bytes)}"
        )

    def _show_unknown(self) -> None:
        self._total.setText(_UNKNOWN)
        set_role(self._verdict, "secondary")
        self._verdict.setText("Not weighed yet")
        self._chart.show_weighing(None, self._scale, 0)
        self._context.setText(NOT_AVAILABLE)
        self._largest.setText("")
        self._legend.show_figures((NOT_AVAILABLE,) * len(LAYERS))

    @Slot()
    def _on_slider_changed(self) -> None:
        self._refresh()

    @Slot()
    def _on_slider_moved(self) -> None:
        self._is_moved = True

    @Slot(object)
    def _on_kv_chosen(self, index: int) -> None:
        self.kv_type_chosen.emit(tuple(KvType)[index])


def _largest_text(weighing: Weighing, available_bytes: int) -> str:
    largest = weighing.largest_context(available_bytes)
    if not largest:
        return "No context length fits"
    is_all = largest >= weighing.points[-1].context_tokens
    whole = ", all that it was made for" if is_all else ""
    return f"Largest context that fits: {format_count(largest)}{whole}"
