"""``heft chat``: talk to a model in the terminal, or ask one thing."""

import sys
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import Library, open_library
from desktop.core.generation import SamplingSettings
from desktop.core.sampling_preset import preset_for
from desktop.storage.log_files import start_logging
from desktop.storage.paths import Paths

_SEEDS = click.IntRange(0, 2**32 - 2)


@dataclass(frozen=True, slots=True)
class _Options:
    model: str | None
    as_json: bool
    seed: int | None
    max_tokens: int | None
    temperature: float | None
    prompt: str | None


@click.command("chat")
@data_dir_option
@click.option("--model", metavar="M", help="Name, file name or path; else the last one used.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all figures.")
@click.option("--seed", type=_SEEDS, help="Same seed, same answer.")
@click.option("--max-tokens", type=click.IntRange(min=1), help="Longest answer, in tokens.")
@click.option("--temperature", type=click.FloatRange(0, 10), help="0 takes the likeliest words.")
@click.argument("prompt", required=False)
@click.pass_context
def command(context: click.Context, /, **parameters: Any) -> None:
    """Answer PROMPT, or what is piped in; on a terminal, talk until /quit."""
    options = _Options(**parameters)
    prompt = _prompt(options)
    paths = Paths.default(chosen_data_dir(context))
    with open_library(paths) as library:
        start_logging(paths.logs, "chat")
        _chat(library, options, prompt)


def _prompt(options: _Options) -> str | None:
    """Return what is to be answered; None for a talk."""
    prompt = options.prompt
    if prompt is None and not sys.stdin.isatty():
        prompt = sys.stdin.read()
    if prompt is None and not options.as_json:
        return None
    if not (prompt or "").strip():
        raise click.UsageError("There is nothing to answer: give a PROMPT.")
    return prompt


def _chat(library: Library, options: _Options, prompt: str | None) -> None:
    model = library.choose(options.model)
    # llama.cpp takes a quarter of a second to load: not before there is something to answer.
    terminal_chat = import_module("desktop.cli.terminal_chat")
    talk = terminal_chat.TerminalChat(library.store, model, _sampling(model.name, options))
    try:
        if prompt is None:
            talk.talk()
        else:
            talk.answer_once(prompt, as_json=options.as_json)
    finally:
        talk.close()


def _sampling(model_name: str, options: _Options) -> SamplingSettings:
    preset = preset_for(model_name)
    return replace(
        preset,
        seed=options.seed,
        max_tokens=options.max_tokens,
        temperature=preset.temperature if options.temperature is None else options.temperature,
    )
