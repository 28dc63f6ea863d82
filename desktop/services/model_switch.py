"""Choosing a model: asks where something would be lost, then has the engine swap."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.errors import Problem
from desktop.core.local_model import LocalModel, ModelEntry
from desktop.core.question import Question
from desktop.core.telemetry import EngineStatus
from desktop.core.text_format import format_bytes, format_memory
from desktop.services.chat_controller import ChatController
from desktop.services.engine_client import EngineClient, LoadFailure
from desktop.services.model_library import ModelLibrary
from desktop.system.memory_probe import machine_memory

TELLING_BYTES = 100_000_000
"""An engine that ends before it loaded anything gives back less, and is not worth a notice."""


class ModelSwitch(QObject):
    """Turns the choice of a model into a load; lives in the window's process.

    Signals:
        question_asked: Needs an answer through `answer`. Question.
        question_withdrawn: It no longer matters.
        notice_given: A quiet sentence. str.
        problem_raised: A load failed, or the model cannot be used. Problem.
        current_changed: The model that is loaded or being loaded. Path, or None.
    """

    question_asked = Signal(object)
    question_withdrawn = Signal()
    notice_given = Signal(object)
    problem_raised = Signal(object)
    current_changed = Signal(object)

    def __init__(
        self,
        library: ModelLibrary,
        engine: EngineClient,
        chat: ChatController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._engine = engine
        self._chat = chat
        self._asked: LocalModel | None = None
        self._after_answer: LocalModel | None = None
        engine.model_loaded.connect(self._on_engine_model_loaded)
        engine.load_failed.connect(self._on_engine_load_failed)
        engine.model_let_go.connect(self._on_engine_model_let_go)
        engine.memory_returned.connect(self._on_engine_memory_returned)
        engine.engine_lost.connect(self.problem_raised)
        chat.answering_changed.connect(self._on_chat_answering_changed)

    @Slot(object)
    def choose(self, path: Path) -> None:
        """Swap to a model, after asking if an answer is under way or memory is short."""
        model = self._library.find(path)
        if model is None or model.problem is not None:
            problem = model.problem if model is not None else None
            self.problem_raised.emit(problem or _gone(path))
            return
        is_current = self._engine.model is not None and self._engine.model.path == path
        question = None if is_current else self._question(self._library.entry_of(model))
        if question is not None:
            self._asked = model
            self.question_asked.emit(question)
            return
        self._withdraw_question()
        if not is_current:
            self.load(model)

    @Slot(object)
    def answer(self, index: int) -> None:
        """Take the user's answer: 0 goes ahead, anything else leaves all as it is."""
        model, self._asked = self._asked, None
        if model is None or index != 0:
            return
        if self._chat.is_answering:
            self._after_answer = model
            self._chat.stop()
        else:
            self.load(model)

    def _withdraw_question(self) -> None:
        if self._asked is not None:
            self._asked = None
            self.question_withdrawn.emit()

    def _question(self, entry: ModelEntry) -> Question | None:
        name = entry.model.name
        if entry.is_heavy and entry.resident_bytes is not None:
            needed = format_memory(entry.resident_bytes.value)
            available = format_memory(machine_memory().available_bytes)
            return Question(
                f"{name} needs about {needed}; {available} are available. "
                "Your computer may become very slow.",
                ("Load it anyway", "Keep the current model"),
            )
        if self._chat.is_answering:
            return Question(
                f"An answer is being written. Stop it and switch to {name}?",
                ("Stop and switch", "Keep answering"),
            )
        return None

    def load(self, model: LocalModel) -> None:
        """Load a model without asking."""
        self._engine.load(model)
        self.current_changed.emit(model.path)

    @Slot(object)
    def _on_chat_answering_changed(self, is_answering: bool) -> None:  # noqa: FBT001 (a payload)
        if is_answering:
            return
        model, self._after_answer = self._after_answer, None
        if model is not None:
            self.load(model)
        elif self._asked is not None and not self._library.entry_of(self._asked).is_heavy:
            # The answer finished by itself before the question was answered.
            model = self._asked
            self._withdraw_question()
            self.load(model)

    @Slot(object)
    def _on_engine_model_loaded(self, status: EngineStatus) -> None:
        for notice in status.facts.notices if status.facts is not None else ():
            self.notice_given.emit(notice)

    @Slot()
    def _on_engine_model_let_go(self) -> None:
        self.current_changed.emit(None)

    @Slot(object)
    def _on_engine_memory_returned(self, freed_bytes: int) -> None:
        if freed_bytes > TELLING_BYTES:
            self.notice_given.emit(f"Freed {format_bytes(freed_bytes)}.")

    @Slot(object)
    def _on_engine_load_failed(self, failure: LoadFailure) -> None:
        back = failure.returns_to
        self.current_changed.emit(back.path if back is not None else None)
        if failure.problem is None:
            name = failure.model.name
            self.notice_given.emit(f"Loading {name} was cancelled.{_returning(back)}")
            return
        problem = failure.problem
        detail = f"{problem.detail}{_returning(back)}"
        self.problem_raised.emit(Problem(problem.title, detail, problem.next_step, problem.log))


def _returning(back: LocalModel | None) -> str:
    return f" Heft went back to {back.name}." if back is not None else ""


def _gone(path: Path) -> Problem:
    return Problem(
        f"{path.name} is gone", "The file is not where it was.", "Add it again from its new place."
    )
