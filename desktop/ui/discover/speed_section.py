"""The part of the card that says how fast a model speaks here, and how that is known."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.figure import Figure, FigureKind
from desktop.core.model_card import ModelCard
from desktop.core.text_format import format_count, format_memory, format_seconds, format_speed
from desktop.core.weighing import TestDrive
from desktop.ui.models.model_text import ESTIMATED_MARK
from desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from desktop.ui.widgets.facts_columns import FactsColumns
from desktop.ui.widgets.facts_grid import Fact

_STEPS = 1000
_INVITATION = (
    "A test drive runs a weightless twin of the model for a few seconds: real speed and memory of "
    "this machine, before the download."
)
_UNKNOWNS = "What a test drive cannot know:"
_READING_TOKENS_PER_S = 5
_KIND_TEXT = {
    FigureKind.ESTIMATED: "estimated from the memory's bandwidth",
    FigureKind.TEST_DRIVEN: "test-driven on this machine",
    FigureKind.MEASURED: "measured on this machine",
}


class SpeedSection(QWidget):
    """The speed, and a test drive with its progress and what it found.

    Signals:
        drive_requested(): The model is to be test-driven.
        drive_cancelled(): The test drive is to be given up.
    """

    drive_requested = Signal()
    drive_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = QLabel()
        self._figure = QLabel()
        self._error = QLabel()
        self._drive = QPushButton("Test-drive")
        self._hint = QLabel(_INVITATION)
        self._progress = QWidget()
        self._bar = QProgressBar()
        self._stage = QLabel()
        self._cancel = QPushButton("Cancel")
        self._results = FactsColumns()
        self._unknowns = QLabel()
        self._build()
        self._drive.clicked.connect(self._on_drive_clicked)
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self.show_card(None, is_driving=False)

    def show_card(self, card: ModelCard | None, *, is_driving: bool) -> None:
        """Show the speed of a model, and how far its test drive is."""
        speed = card.tokens_per_s if card is not None else None
        drive = card.test_drive if card is not None else None
        self._figure.setText(speed_text(speed))
        self._kind.setText("" if speed is None else _KIND_TEXT.get(speed.kind, speed.kind.value))
        self._error.setText(error_text(card))
        self._progress.setVisible(is_driving)
        self._drive.setVisible(not is_driving)
        self._hint.setVisible(not is_driving)
        self._hint.setText("" if drive is not None else _INVITATION)
        self._drive.setText("Test-drive again" if drive is not None else "Test-drive")
        if card is not None and is_driving:
            self._show_progress(card)
        self._results.setVisible(drive is not None)
        self._unknowns.setVisible(drive is not None and bool(drive.unknowns))
        if drive is not None:
            self._results.show_facts(*drive_facts(drive))
            self._unknowns.setText("\n".join((_UNKNOWNS, *drive.unknowns)))

    def set_drivable(self, *, is_drivable: bool) -> None:
        """Allow a test drive, or not while there is no file to drive."""
        self._drive.setEnabled(is_drivable)

    def drive_button(self) -> QPushButton:
        """Return the button that starts a test drive."""
        return self._drive

    def cancel_button(self) -> QPushButton:
        """Return the button that gives it up."""
        return self._cancel

    def words(self) -> tuple[str, ...]:
        """Return the speed, its error and its kind, as shown."""
        return tuple(label.text() for label in (self._figure, self._error, self._kind))

    def _build(self) -> None:
        heading = QLabel("SPEED")
        heading.setProperty("role", "heading")
        self._figure.setProperty("role", "figure")
        for label in (self._kind, self._error, self._hint, self._stage, self._unknowns):
            label.setProperty("role", "secondary")
        for label in (self._hint, self._error, self._unknowns):
            label.setWordWrap(True)
        for button in (self._drive, self._cancel):
            button.setProperty("variant", "quiet")
            button.setAutoDefault(False)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Test drive")
        head, figure, drive = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        head.addWidget(heading)
        head.addStretch()
        head.addWidget(self._kind)
        figure.setSpacing(SPACE_M)
        figure.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBaseline)
        figure.addWidget(self._error, 1, Qt.AlignmentFlag.AlignBaseline)
        drive.setSpacing(SPACE_M)
        drive.addWidget(self._drive, 0, Qt.AlignmentFlag.AlignTop)
        drive.addWidget(self._hint, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(head)
        layout.addLayout(figure)
        layout.addLayout(drive)
        layout.addWidget(self._progress)
        layout.addWidget(self._results)
        layout.addWidget(self._unknowns)
        self._build_progress()

    def _build_progress(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        words.addWidget(self._stage)
        words.addWidget(self._bar)
        line.addLayout(words, 1)
        line.addWidget(self._cancel)
        self._progress.setLayout(line)

    def _show_progress(self, card: ModelCard) -> None:
        stage = card.stage or "starting"
        self._stage.setText(f"Test drive: {stage}")
        fraction = card.fraction or 0.0
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(round(fraction * _STEPS))

    @Slot()
    def _on_drive_clicked(self) -> None:
        self.drive_requested.emit()

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.drive_cancelled.emit()


def speed_text(speed: Figure | None) -> str:
    """Write a speed with its mark: ``≈ 24 tokens/s``; a dash while there is none."""
    if speed is None:
        return "\N{EN DASH}"
    mark = ESTIMATED_MARK if speed.kind is FigureKind.ESTIMATED else ""
    return f"{mark}{format_speed(speed.value)}"


def error_text(card: ModelCard | None) -> str:
    """Say how far off an estimate may be, and what the speed means to a reader."""
    speed = card.tokens_per_s if card is not None else None
    if card is None or speed is None:
        return "Not known before the model is weighed"
    parts = []
    if speed.kind is FigureKind.ESTIMATED:
        error = card.speed_error
        unknown = "no model was measured here yet to tell the error"
        parts.append(unknown if error is None else f"± {error * 100:.0f} %")
    if speed.value < _READING_TOKENS_PER_S:
        parts.append("slower than people read")
    return ", ".join(parts)


def drive_facts(drive: TestDrive) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return what a test drive found, in two columns."""
    depths = [
        Fact(
            f"answering, {format_count(speed.depth_tokens)} tokens in",
            format_speed(speed.tokens_per_s),
        )
        for speed in drive.decode
    ]
    threads = f"{format_count(drive.threads)} thread{'' if drive.threads == 1 else 's'}"
    return (
        Fact("reading a prompt", format_speed(drive.prompt_tokens_per_s)),
        *depths,
    ), (
        Fact(
            f"memory, context {format_count(drive.context_tokens)}",
            format_memory(drive.resident_bytes),
            hint="Peak resident memory of the process, the weights included.",
        ),
        Fact("ran on", f"{drive.device}, {threads}"),
        Fact("took", format_seconds(drive.elapsed_s)),
    )
