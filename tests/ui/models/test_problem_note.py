"""A failure that is told where it happened."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.errors import Problem
from desktop.ui.models.problem_note import ProblemNote

PROBLEM = Problem("It failed", "The disk is full.", "Free some space.", ("errno 28",))


@pytest.fixture
def note(qtbot: QtBot) -> ProblemNote:
    view = ProblemNote()
    qtbot.addWidget(view)
    return view


def button(note: ProblemNote, text: str) -> QPushButton:
    return next(one for one in note.findChildren(QPushButton) if one.text() == text)


def test_it_is_not_there_without_a_problem(note: ProblemNote) -> None:
    assert note.isHidden()
    note.show_problem(PROBLEM)
    assert not note.isHidden()
    note.show_problem(None)
    assert note.isHidden()


def test_details_fold_out_and_are_copied(qtbot: QtBot, note: ProblemNote) -> None:
    note.show_problem(PROBLEM)
    note.show()
    log = note.findChild(QPlainTextEdit)
    assert not log.isVisible()
    qtbot.mouseClick(button(note, "Details"), Qt.MouseButton.LeftButton)
    assert log.isVisible()
    qtbot.mouseClick(button(note, "Copy"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == "It failed. The disk is full. Free some space.\nerrno 28"


def test_telling_the_same_again_leaves_the_details_open(qtbot: QtBot, note: ProblemNote) -> None:
    note.show_problem(PROBLEM)
    note.show()
    qtbot.mouseClick(button(note, "Details"), Qt.MouseButton.LeftButton)
    note.show_problem(Problem("It failed", "The disk is full.", "Free some space.", ("errno 28",)))
    assert note.findChild(QPlainTextEdit).isVisible()


def test_without_a_log_there_are_no_details(note: ProblemNote) -> None:
    note.show_problem(Problem("It failed", "Why."))
    note.show()
    assert not any(one.isVisible() for one in note.findChildren(QPushButton))
