"""One download: what it is, how far it is, and its buttons."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.text_format import format_bytes
from desktop.ui.downloads.download_buttons import DownloadAction, DownloadButtons, DownloadWish
from desktop.ui.downloads.download_text import (
    about_text,
    amount_text,
    fraction_of,
    remaining_text,
    speed_text,
    spoken_text,
)
from desktop.ui.models.problem_note import ProblemNote
from desktop.ui.theme import SECONDARY_PX, SPACE_M, SPACE_S, SPACE_XS, text_font
from desktop.ui.widgets.elided_label import ElidedLabel
from desktop.ui.widgets.question_bar import QuestionBar
from desktop.ui.widgets.role import set_role

_STEPS = 1000
_ROLES = {DownloadState.DONE: "good", DownloadState.FAILED: "bad"}


class DownloadRow(QFrame):
    """A card that is updated in place; nothing in it moves while its state stays.

    Signals:
        wished(object: DownloadWish): Something is to be done with it. Before CANCEL the user has
            been asked whether what was fetched may be deleted.
    """

    wished = Signal(object)

    def __init__(self, entry: DownloadEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._entry = entry
        self._name = ElidedLabel()
        self._about = ElidedLabel()
        self._state = QLabel()
        self._bar = QProgressBar()
        self._amount, self._speed, self._remaining = QLabel(), QLabel(), QLabel()
        self._note = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._problem = ProblemNote()
        self._question = QuestionBar()
        self.buttons = DownloadButtons()
        self._build()
        self.buttons.chosen.connect(self._on_buttons_chosen)
        self._question.answered.connect(self._on_question_answered)

    @property
    def entry(self) -> DownloadEntry:
        """The download that is shown."""
        return self._entry

    def show_entry(self, entry: DownloadEntry, *, is_first: bool, is_last: bool) -> None:
        """Show how the download stands; the others are as in `DownloadButtons`."""
        if entry.state is not self._entry.state:
            self._question.withdraw()
        self._entry = entry
        self._name.setText(entry.name)
        self._about.setText(about_text(entry))
        self._state.setText(entry.state.value)
        set_role(self._state, _ROLES.get(entry.state, "secondary"))
        self._show_figures(entry)
        self._problem.show_problem(entry.problem)
        self.buttons.show_entry(entry, is_first=is_first, is_last=is_last)
        self.setAccessibleName(spoken_text(entry))

    def question(self) -> QuestionBar:
        """Return the question that comes before a cancel."""
        return self._question

    def _show_figures(self, entry: DownloadEntry) -> None:
        self._bar.setVisible(entry.state is not DownloadState.DONE)
        self._bar.setValue(round(fraction_of(entry) * _STEPS))
        self._amount.setText(amount_text(entry))
        self._speed.setText(speed_text(entry))
        self._remaining.setText(remaining_text(entry))
        self._note.setText(entry.note)

    def _build(self) -> None:
        self._name.setProperty("role", "strong")
        for label in (self._about, self._state, self._amount, self._speed, self._remaining):
            label.setProperty("role", "secondary")
        self._note.setProperty("role", "secondary")
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("How far it is")
        self._set_widths()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addLayout(self._head())
        layout.addWidget(self._bar)
        layout.addLayout(self._figures())
        layout.addWidget(self._problem)
        layout.addWidget(self._question)

    def _head(self) -> QHBoxLayout:
        title = QHBoxLayout()
        title.setSpacing(SPACE_S)
        title.addWidget(self._name)
        title.addWidget(self._state, 0, Qt.AlignmentFlag.AlignBottom)
        title.addStretch()
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        words.addLayout(title)
        words.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        head.addLayout(words, 1)
        head.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _figures(self) -> QHBoxLayout:
        figures = QHBoxLayout()
        figures.setSpacing(SPACE_M)
        figures.addWidget(self._amount)
        figures.addWidget(self._note)
        figures.addStretch()
        figures.addWidget(self._speed)
        figures.addWidget(self._remaining)
        return figures

    def _set_widths(self) -> None:
        """Give each figure the room of its longest text."""
        metrics = QFontMetrics(text_font(SECONDARY_PX))
        for label, longest in (
            (self._amount, "999 MB of 99.9 GB"),
            (self._speed, "999 MB/s"),
            (self._remaining, "99 h 59 min left"),
        ):
            label.setMinimumWidth(metrics.horizontalAdvance(longest))
        for label in (self._speed, self._remaining):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _wish(self, action: DownloadAction) -> None:
        self.wished.emit(DownloadWish(self._entry.id, action))

    @Slot(object)
    def _on_buttons_chosen(self, action: DownloadAction) -> None:
        if action is not DownloadAction.CANCEL or not self._entry.done_bytes:
            self._wish(action)
            return
        fetched = format_bytes(self._entry.done_bytes)
        self._question.ask(
            f"Give up this download? The {fetched} fetched so far are deleted.",
            ("Delete and give up", "Keep it"),
        )

    @Slot(object)
    def _on_question_answered(self, index: int) -> None:
        if index == 0:
            self._wish(DownloadAction.CANCEL)
