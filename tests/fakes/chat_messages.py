"""Messages, figures and conversations to show in tests of views."""

from datetime import UTC, datetime

from desktop.core.conversation import AnswerModel, Conversation, Message, MessageState, Role
from desktop.core.errors import Problem
from desktop.core.generation import GenerationFigures, StopReason
from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.telemetry import EngineFacts, EnginePhase, EngineStatus

NOON = datetime(2025, 6, 18, 12, 0, tzinfo=UTC)
MODEL = AnswerModel("SmolLM2 135M Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf", "Q4_1")
MEMORY = MemoryBreakdown(92_000_000, 90_000_000, 18_000_000)
FACTS = EngineFacts("SmolLM2 135M Instruct", 4096, 8192, MEMORY, "CPU", 2, 0.4, True)
IDLE = EngineStatus(EnginePhase.IDLE, FACTS.model_name, FACTS, context_used_tokens=412)
PROBLEM = Problem("The engine ended", "It was killed.", "Send it again.", ("line 1", "line 2"))


def figures(stop_reason: StopReason = StopReason.END_OF_TURN) -> GenerationFigures:
    return GenerationFigures(
        prompt_tokens=320,
        cached_tokens=37,
        completion_tokens=118,
        stop_reason=stop_reason,
        load_s=0.41,
        time_to_first_token_s=0.05,
        prompt_tokens_per_s=283.0,
        tokens_per_s=134.2,
        peak_memory_bytes=262_000_000,
        memory=MEMORY,
        device="CPU",
        threads=2,
    )


def prompt(message_id: int, text: str = "Why?") -> Message:
    return Message(message_id, Role.USER, text, NOON)


def answer(message_id: int, text: str = "Because.") -> Message:
    return Message(message_id, Role.ASSISTANT, text, NOON, model=MODEL, figures=figures())


def streaming(message_id: int, text: str = "") -> Message:
    return Message(
        message_id, Role.ASSISTANT, text, NOON, state=MessageState.STREAMING, model=MODEL
    )


def interrupted(message_id: int, text: str = "Half an ans") -> Message:
    return Message(
        message_id,
        Role.ASSISTANT,
        text,
        NOON,
        state=MessageState.INTERRUPTED,
        model=MODEL,
        problem=PROBLEM,
    )


def conversation(*messages: Message) -> Conversation:
    return Conversation(1, "Tides", messages)


def long_conversation(count: int) -> Conversation:
    return conversation(
        *(
            answer(number, f"Answer {number}\n\n- a\n- b\n\n```py\nx = {number}\n```\n")
            if number % 2
            else prompt(number, f"Question {number}")
            for number in range(count)
        )
    )
