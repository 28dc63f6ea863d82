"""Time to first token late in a conversation, against processing all of the conversation."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from paired_runs import compare, verdict

from desktop.core.conversation import ChatMessage, Role
from desktop.core.sampling_preset import preset_for
from desktop.engine.chat_engine import ChatEngine
from desktop.engine.generator import Batch

PAIRS = 5
TURNS = 10
ANSWER_TOKENS = 90
TARGET = 0.15
NAME = "SmolLM2 135M Instruct"
QUESTION = (
    "Part {turn}. Go on with the story of the lighthouse keeper, her daughter and the ship that "
    "came back after seven years. Say what the weather was like, what they talked about at supper, "
    "which letters had come, and what the old dog did while they were reading them. Keep to the "
    "names that were used before and do not repeat what was said already."
)


class Conversation:
    """A conversation that one engine has lived through, and another has not."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._engine = self._load()
        self._last = 0
        self._messages: tuple[ChatMessage, ...] = ()
        for turn in range(1, TURNS):
            self._messages += (ChatMessage(Role.USER, QUESTION.format(turn=turn)),)
            result = self._engine.generate(
                self._messages,
                replace(preset_for(NAME), seed=turn, max_tokens=ANSWER_TOKENS),
                _drop,
            )
            self._messages += (ChatMessage(Role.ASSISTANT, result.text),)
        self.prompt_tokens = 0

    def continued_s(self) -> float:
        """Return the time to first token of the last turn in the engine that knows the rest."""
        return self._time_to_first_token_s(self._engine)

    def from_nothing_s(self) -> float:
        """Return it for an engine that has to process everything."""
        fresh = self._load()
        seconds = self._time_to_first_token_s(fresh)
        fresh.close()
        return seconds

    def _time_to_first_token_s(self, engine: ChatEngine) -> float:
        # Another last question each time, so that nothing of it was seen before.
        self._last += 1
        question = ChatMessage(Role.USER, f"{self._last}. " + QUESTION.format(turn=TURNS))
        sampling = replace(preset_for(NAME), seed=1, max_tokens=1)
        result = engine.generate((*self._messages, question), sampling, _drop)
        self.prompt_tokens = result.figures.prompt_tokens
        return result.figures.time_to_first_token_s or 0.0

    def _load(self) -> ChatEngine:
        engine = ChatEngine()
        engine.load(self._model, NAME)
        return engine


def _drop(_batch: Batch) -> None:
    """Nobody reads along."""


def main() -> int:
    """Compare; returns the exit status."""
    conversation = Conversation(Path(os.environ["HEFT_STARTER_MODEL"]))
    comparison = compare(conversation.continued_s, conversation.from_nothing_s, PAIRS)
    print(f"A conversation of {conversation.prompt_tokens} tokens, turn {TURNS}.")
    comparison.show("time to first token", "s")
    is_met = verdict("time to first token, continued", comparison.ratio, TARGET, at_most=True)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
