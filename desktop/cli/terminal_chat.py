"""A conversation in the terminal: text as it comes, figures after it."""

import json
import sys
from contextlib import suppress

import click
from rich.console import Console

from desktop.cli.answer_report import answer_object, figures_line
from desktop.cli.engine_thread import EngineThread
from desktop.core.conversation import ChatMessage, Role
from desktop.core.errors import AppError
from desktop.core.generation import GenerationResult, SamplingSettings, StopReason
from desktop.core.local_model import LocalModel
from desktop.core.model_entry import measurement_of
from desktop.core.telemetry import EngineFacts
from desktop.core.text_format import format_bytes, format_seconds
from desktop.engine.model import LoadCancelledError
from desktop.storage.model_store import ModelStore

QUIT = "/quit"

# What a model writes must not steer the terminal: of the control characters, two are text.
_CONTROLS = dict.fromkeys(
    code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
)


class TerminalChat:
    """Loads a model and answers with it, on stdout."""

    def __init__(self, store: ModelStore, model: LocalModel, sampling: SamplingSettings) -> None:
        self._store = store
        self._model = model
        self._sampling = sampling
        self._engine = EngineThread()
        self._context_tokens = 0
        self._console = Console(stderr=not sys.stdout.isatty(), highlight=False)

    def talk(self) -> None:
        """Answer line after line until /quit, Ctrl+D or Ctrl+C at the prompt."""
        with suppress(ImportError):
            # Makes the arrow keys work in what is typed.
            __import__("readline")
        facts = self._load()
        self._say(
            f"{self._model.name}, {format_bytes(self._model.file_bytes)}, "
            f"loaded in {format_seconds(facts.load_s)}. "
            f"{QUIT} leaves, Ctrl+C stops an answer."
        )
        messages: tuple[ChatMessage, ...] = ()
        while (line := _typed_line()) is not None:
            if line.strip():
                messages = self._answer_turn((*messages, ChatMessage(Role.USER, line)))

    def answer_once(self, prompt: str, *, as_json: bool) -> None:
        """Answer one prompt; with `as_json` as one object, without as text and a line.

        Raises:
            Abort: Ctrl+C stopped it; what there was of the answer was printed.
        """
        self._load()
        result = self._answer((ChatMessage(Role.USER, prompt),), is_silent=as_json)
        if as_json:
            click.echo(json.dumps(answer_object(self._model, result), indent=2))
        else:
            self._finish(result)
        if result.figures.stop_reason is StopReason.CANCELLED:
            raise click.Abort

    def close(self) -> None:
        """Let the model go."""
        self._engine.close()

    def _load(self) -> EngineFacts:
        try:
            facts = self._engine.load(self._model, self._show_progress)
        except LoadCancelledError:
            raise click.Abort from None
        finally:
            if sys.stderr.isatty():
                click.echo("\r\033[K", nl=False, err=True)
        self._context_tokens = facts.context_tokens
        for notice in facts.notices:
            click.echo(notice, err=True)
        return facts

    def _show_progress(self, fraction: float) -> None:
        if sys.stderr.isatty():
            text = f"\rLoading {self._model.name}: {fraction:.0%}"
            click.echo(text, nl=False, err=True)

    def _answer_turn(self, messages: tuple[ChatMessage, ...]) -> tuple[ChatMessage, ...]:
        try:
            result = self._answer(messages, is_silent=False)
        except AppError as error:
            click.echo(f"Error: {error}", err=True)
            return messages[:-1]
        self._finish(result)
        return (*messages, ChatMessage(Role.ASSISTANT, result.text))

    def _answer(self, messages: tuple[ChatMessage, ...], *, is_silent: bool) -> GenerationResult:
        result = self._engine.answer(messages, self._sampling, _ignore if is_silent else _write)
        measurement = measurement_of(result.figures, self._context_tokens)
        self._store.save_measurement(self._model, measurement)
        return result

    def _finish(self, result: GenerationResult) -> None:
        click.echo()
        self._say(figures_line(result.figures))

    def _say(self, text: str) -> None:
        self._console.print(text, style="dim", soft_wrap=True)


def _typed_line() -> str | None:
    try:
        line = input("> ")
    except (EOFError, KeyboardInterrupt):
        click.echo()
        return None
    return None if line.strip() == QUIT else line


def _write(text: str) -> None:
    click.echo(text.translate(_CONTROLS), nl=False)


def _ignore(_text: str) -> None:
    """Print nothing: the whole answer comes as one object."""
