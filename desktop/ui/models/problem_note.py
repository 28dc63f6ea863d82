"""A failure told in the place where it happened, without a frame of its own."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import Problem
from desktop.ui.icon import icon_pixmap
from desktop.ui.theme import ICON_PX, SECONDARY_PX, SPACE_S, SPACE_XS, code_font, tokens_for
from desktop.ui.widgets.plain_widgets import styled_button, words_label

_LOG_PX = 96


class ProblemNote(QWidget):
    """What failed, why, and what to do; hidden while nothing has. Details fold out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem: Problem | None = None
        self._picture = QLabel()
        self._title, self._detail, self._next_step = (
            words_label(role, can_be_selected=True) for role in ("strong", "", "secondary")
        )
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setFont(code_font(SECONDARY_PX))
        self._log.setFixedHeight(_LOG_PX)
        self._log.setAccessibleName("Details")
        self._log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._fold = styled_button("Details", "small")
        self._fold.setCheckable(True)
        self._copy = styled_button("Copy", "small")
        self._build()
        self._fold.toggled.connect(self._on_fold_toggled)
        self._copy.clicked.connect(self._on_copy_clicked)
        self.show_problem(None)

    def show_problem(self, problem: Problem | None) -> None:
        """Tell of a problem; None hides the note."""
        if problem == self._problem and problem is not None:
            return
        self._problem = problem
        self.setVisible(problem is not None)
        if problem is None:
            return
        self._title.setText(problem.title)
        self._detail.setText(problem.detail)
        self._next_step.setText(problem.next_step)
        for label in (self._title, self._detail, self._next_step):
            label.setVisible(bool(label.text()))
        self._log.setPlainText("\n".join(problem.log))
        self._fold.setChecked(False)
        self._fold.setVisible(bool(problem.log))
        self._copy.setVisible(False)
        self._log.setVisible(False)
        self.setAccessibleName(problem.title)
        self.setAccessibleDescription(f"{problem.detail} {problem.next_step}".strip())
        self._tint()

    def problem(self) -> Problem | None:
        """Return what is told; None while hidden."""
        return self._problem

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        for label in (self._title, self._detail, self._next_step):
            words.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self._fold)
        buttons.addWidget(self._copy)
        buttons.addStretch()
        words.addLayout(buttons)
        words.addWidget(self._log)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def _tint(self) -> None:
        color = tokens_for(self.palette()).bad
        pixmap = icon_pixmap("triangle-alert", color, ICON_PX, self.devicePixelRatioF())
        self._picture.setPixmap(pixmap)

    @Slot()
    def _on_fold_toggled(self) -> None:
        is_folded_out = self._fold.isChecked()
        self._log.setVisible(is_folded_out)
        self._copy.setVisible(is_folded_out)
        self._fold.setText("Hide details" if is_folded_out else "Details")

    @Slot()
    def _on_copy_clicked(self) -> None:
        if self._problem is not None:
            lines = (self._problem.sentence(), *self._problem.log)
            QGuiApplication.clipboard().setText("\n".join(lines))
