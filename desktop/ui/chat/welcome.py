"""What stands in an empty chat: how to begin, and what the figures at the right mean."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.core.local_model import ModelEntry
from desktop.core.suggestion import Suggestion
from desktop.core.telemetry import EnginePhase, EngineStatus
from desktop.ui.chat.suggestion_button import SuggestionButton
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from desktop.ui.widgets.color_swatch import ColorSwatch
from desktop.ui.widgets.plain_widgets import words_label

_COLUMN_PX = 520
_STARTER_NAME = "SmolLM2 135M"
_STARTER = "The smallest model that still chats: fast and light, often wrong."
_NO_MODEL = (
    "Heft runs models on this machine, from files that end in .gguf. "
    "Add one that you have, or drop it on this window."
)
_PROMPTS = (
    "Explain the tides to a ten-year-old in four lines",
    "Write a short, friendly note to a neighbour about the noise",
    "Give me Python that prints the first ten square numbers",
)
_SCALE = (
    ("weights", "Weights", "the model itself, in memory as long as it is loaded"),
    ("context", "Context", "what it remembers of this chat; it grows with every word"),
    ("compute", "Compute", "room to work in while it answers"),
)
_SPEED = (
    "Speed is counted in tokens, pieces of words: 100 tokens are about 75 words, "
    "and people read about 5 tokens a second."
)


class Welcome(QScrollArea):
    """Teaches in a few lines, and offers one thing to do.

    Signals:
        prompt_chosen(object: str): An example is to be sent.
        add_requested(): A model file is to be added.
        suggestion_chosen(object: str): A suggested model is to be shown, by its catalogue id.
    """

    prompt_chosen = Signal(object)
    add_requested = Signal()
    suggestion_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[ModelEntry, ...] = ()
        self._status = EngineStatus()
        self._suggestions: tuple[Suggestion, ...] = ()
        self._title = words_label("figure")
        self._sentence = words_label("")
        self._add = QPushButton("Add a model file…")
        self._add.setProperty("variant", "primary")
        self._group = QButtonGroup(self)
        self._prompts = [self._prompt_button(text) for text in _PROMPTS]
        self._steps = QWidget()
        self._steps_heading = words_label("heading")
        self._steps_column = QVBoxLayout(self._steps)
        self._steps_group = QButtonGroup(self)
        self._build_steps()
        self._build()
        self._steps_group.idClicked.connect(self._on_steps_group_clicked)
        self._add.clicked.connect(self.add_requested)
        self._group.buttonClicked.connect(self._on_group_button_clicked)
        self._refresh()

    @Slot(object)
    def show_entries(self, entries: tuple[ModelEntry, ...]) -> None:
        """Take the models on this machine."""
        self._entries = entries
        self._refresh()

    @Slot(object)
    def show_status(self, status: EngineStatus) -> None:
        """Take what the engine is doing."""
        changed = (status.phase, status.model_name) != (self._status.phase, self._status.model_name)
        self._status = status
        if changed:
            self._refresh()

    @Slot(object)
    def show_suggestions(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Take models one step up; they are offered to those who have the smallest, or none."""
        if suggestions == self._suggestions:
            return
        self._suggestions = suggestions
        for button in self._steps_group.buttons():
            self._steps_group.removeButton(button)
            self._steps_column.removeWidget(button)
            button.hide()
            button.deleteLater()
        for index, suggestion in enumerate(suggestions):
            button = SuggestionButton(suggestion)
            self._steps_group.addButton(button, index)
            self._steps_column.addWidget(button)
        self._refresh()

    def suggestion_buttons(self) -> tuple[QAbstractButton, ...]:
        """Return the buttons of the suggested models."""
        return tuple(self._steps_group.buttons())

    def prompt_buttons(self) -> tuple[QPushButton, ...]:
        """Return the examples."""
        return tuple(self._prompts)

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(SPACE_S)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addSpacing(SPACE_M)
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        for button in self._prompts:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._steps)
        column.addSpacing(SPACE_XL)
        column.addLayout(_scale_lines())
        column.addStretch(3)
        inside = QWidget()
        inside.setMaximumWidth(_COLUMN_PX + 2 * SPACE_XL)
        inside.setLayout(column)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        ground = QWidget()
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inside, 100)
        row.addStretch(1)
        self.setWidgetResizable(True)
        self.setWidget(ground)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def _build_steps(self) -> None:
        self._steps_column.setContentsMargins(0, SPACE_L, 0, 0)
        self._steps_column.setSpacing(SPACE_S)
        self._steps_column.addWidget(self._steps_heading)

    def _prompt_button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("variant", "quiet")
        self._group.addButton(button)
        return button

    def _refresh(self) -> None:
        status = self._status
        is_ready = status.phase not in {EnginePhase.EMPTY, EnginePhase.LOADING}
        self._title.setText(self._title_text())
        self._sentence.setText(self._sentence_text())
        self._add.setVisible(not self._entries)
        for button in self._prompts:
            button.setVisible(bool(self._entries))
            button.setEnabled(is_ready)

        self._steps.setVisible(bool(self._suggestions) and self._has_little())
        self._steps_heading.setText("ONE STEP UP" if self._entries else "OR DOWNLOAD ONE")

    def _has_little(self) -> bool:
        """Whether there is no model, or the smallest is in use."""
        return not self._entries or self._status.model_name.startswith(_STARTER_NAME)

    def _title_text(self) -> str:
        if not self._entries:
            return "Add a model to begin"
        if self._status.phase is EnginePhase.EMPTY:
            return "Choose a model to begin"
        return "What would you like to know?"

    def _sentence_text(self) -> str:
        name = self._status.model_name
        if not self._entries:
            return _NO_MODEL
        if self._status.phase is EnginePhase.EMPTY:
            return "The list of models is at the top  (Ctrl+L)."
        if self._status.phase is EnginePhase.LOADING:
            return f"{name} is being loaded."
        about = f" {_STARTER}" if name.startswith(_STARTER_NAME) else ""
        return f"{name} is ready.{about}"

    @Slot(int)
    def _on_steps_group_clicked(self, index: int) -> None:
        self.suggestion_chosen.emit(self._suggestions[index].entry_id)

    @Slot(QPushButton)
    def _on_group_button_clicked(self, button: QPushButton) -> None:
        self.prompt_chosen.emit(button.text())


def _scale_lines() -> QVBoxLayout:
    lines = QVBoxLayout()
    lines.setSpacing(SPACE_XS)
    heading = words_label("heading")
    heading.setText("WHAT AN ANSWER WEIGHS")
    lines.addWidget(heading)
    for role, name, meaning in _SCALE:
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        words = words_label("secondary")
        words.setText(f"{name}: {meaning}")
        row.addWidget(ColorSwatch(role), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words, 1)
        lines.addLayout(row)
    speed = words_label("secondary")
    speed.setText(_SPEED)
    lines.addWidget(speed)
    return lines
