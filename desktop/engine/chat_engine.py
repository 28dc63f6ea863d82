"""A loaded model that answers conversations: the one door through which llama.cpp is used."""

import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from desktop.core.conversation import ChatMessage
from desktop.core.errors import AppError
from desktop.core.generation import (
    GenerationFigures,
    GenerationResult,
    SamplingSettings,
    StopReason,
)
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import default_context_tokens
from desktop.core.telemetry import EngineFacts
from desktop.core.throughput import decode_speed
from desktop.core.weighing import KvType
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.generator import Batch, Generation, Generator, PromptState
from desktop.engine.load_settings import LoadSettings
from desktop.engine.model import LoadedModel
from desktop.engine.prompt import PromptBuilder
from desktop.storage.model_file import inspect_file
from desktop.system.hardware import usable_cores
from desktop.system.memory_probe import machine_memory, peak_resident_bytes

REMEMBERED_ANSWERS = 256

_NO_TEMPLATE = (
    "This model brings no chat template, so Heft uses a plain format. Answers may be worse."
)


class ChatEngine:
    """Loads one model, answers with it, and gives its memory back when closed.

    `load` and `generate` are called from one thread at a time; `cancel` from any.
    """

    def __init__(self) -> None:
        self._abort = AbortFlag()
        self._model: LoadedModel | None = None
        self._prompts: PromptBuilder | None = None
        self._facts: EngineFacts | None = None
        self._answers: OrderedDict[str, tuple[int, ...]] = OrderedDict()

    @property
    def facts(self) -> EngineFacts:
        """What the loaded model turned out to be."""
        if self._facts is None:
            raise RuntimeError("no model is loaded")
        return self._facts

    def load(
        self,
        path: Path,
        name: str,
        *,
        context_tokens: int | None = None,
        threads: int | None = None,
        kv_type: KvType = KvType.F16,
        on_progress: Callable[[float], None] | None = None,
    ) -> EngineFacts:
        """Load a model; ready means that one token was decoded.

        Args:
            path: A GGUF file, or the first part of a split one.
            name: Display name, for texts.
            context_tokens: Size of the context; None for the default that fits.
            threads: None for one a core.
            kv_type: How keys and values of the context are packed.
            on_progress: Called with the share of the file that was read, 0 to 1.

        Raises:
            LoadCancelledError: `cancel` was called meanwhile.
            AppError: The file cannot be used, or there is not enough memory.
        """
        self.close()
        file_facts = _usable_facts(path)
        if context_tokens is None:
            available_bytes = machine_memory().available_bytes
            context_tokens = default_context_tokens(file_facts, available_bytes)
        settings = LoadSettings(context_tokens, threads or usable_cores(), kv_type)
        model = LoadedModel(path, file_facts, settings, self._abort, on_progress or _ignore)
        self._model = model
        self._prompts = PromptBuilder(model.vocabulary, model.chat_template())
        self._facts = EngineFacts(
            model_name=name,
            context_tokens=model.session.size_tokens,
            context_limit_tokens=file_facts.context_limit_tokens,
            memory=model.memory,
            device=model.device.description if model.device.is_gpu else "CPU",
            threads=settings.threads,
            load_s=model.load_s,
            has_chat_template=self._prompts.has_template,
            notices=() if self._prompts.has_template else (_NO_TEMPLATE,),
        )
        return self._facts

    def generate(
        self,
        messages: tuple[ChatMessage, ...],
        sampling: SamplingSettings,
        on_batch: Callable[[Batch], None],
        on_prompt: Callable[[PromptState], None] | None = None,
    ) -> GenerationResult:
        """Answer a conversation whose last turn is the user's.

        Raises:
            AppError: The conversation does not fit the context, or the template fails.
        """
        arrived_s = time.perf_counter()
        if self._model is None or self._prompts is None:
            raise AppError("No model is loaded", "There is nothing to answer with.", "Choose one.")
        prompt = self._prompts.build(messages, self._answers)
        self._check_room(len(prompt))
        generator = Generator(
            self._model, sampling, self._prompts.stop_strings, on_prompt or _ignore, on_batch
        )
        generation = generator.run(prompt)
        self._remember(generation)
        return GenerationResult(generation.text, self._figures(generation, arrived_s))

    def cancel(self) -> None:
        """End the load or the answer under way, or else the next one, at once; from any thread."""
        self._abort.set()

    def forget_cancel(self) -> None:
        """Take back a `cancel` that came too late."""
        self._abort.clear()

    def close(self) -> None:
        """Give the model's memory back; safe to call twice."""
        if self._model is not None:
            self._model.close()
        self._model = self._prompts = self._facts = None
        self._answers.clear()

    def _check_room(self, prompt_tokens: int) -> None:
        if prompt_tokens < self.facts.context_tokens:
            return
        raise AppError(
            "This conversation is too long for the model",
            f"It has {prompt_tokens:,} tokens; the context holds {self.facts.context_tokens:,}.",
            "Start a new chat, or shorten your message.",
        )

    def _remember(self, generation: Generation) -> None:
        """Keep the tokens of an answer, to find them in the context again at the next turn."""
        if generation.stop_reason is StopReason.STOP_STRING or not generation.text:
            return
        self._answers[generation.text] = generation.tokens
        self._answers.move_to_end(generation.text)
        if len(self._answers) > REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)

    def _figures(self, generation: Generation, arrived_s: float) -> GenerationFigures:
        processed = generation.prompt_tokens - generation.cached_tokens
        first_s = generation.first_s
        return GenerationFigures(
            prompt_tokens=generation.prompt_tokens,
            cached_tokens=generation.cached_tokens,
            completion_tokens=len(generation.tokens),
            stop_reason=generation.stop_reason,
            load_s=self.facts.load_s,
            time_to_first_token_s=first_s - arrived_s if first_s is not None else None,
            prompt_tokens_per_s=processed / generation.prompt_s if generation.prompt_s else None,
            tokens_per_s=decode_speed(len(generation.tokens), first_s, generation.last_s),
            peak_memory_bytes=peak_resident_bytes(),
            memory=self.facts.memory,
            device=self.facts.device,
            threads=generation.threads,
        )


def _usable_facts(path: Path) -> ModelFacts:
    facts, problem = inspect_file(path)
    if problem is not None:
        raise AppError.from_problem(problem)
    if facts is None:
        raise AppError(
            f"{path.name} could not be read", "Its header says nothing.", "Choose another."
        )
    return facts


def _ignore(_state: object) -> None:
    """Nobody listens."""
