"""``heft weigh``: what a model takes and how fast it would be, before it is downloaded."""

import json

import click

from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.cli.library import open_library
from desktop.cli.weigh_process import ask, source_of
from desktop.core.errors import AppError
from desktop.core.figure import FigureKind
from desktop.core.memory_fit import default_context_tokens, verdict
from desktop.core.model_entry import Surroundings
from desktop.core.speed_estimate import estimate_tokens_per_s
from desktop.core.text_format import (
    NOT_AVAILABLE,
    format_bytes,
    format_count,
    format_memory,
    format_speed,
)
from desktop.core.weighing import KvType, Weighing
from desktop.storage.paths import Paths
from desktop.wire.messages import Weighed, WeighModel

_KV_TYPES = [kv_type.value for kv_type in KvType]


@click.command("weigh")
@data_dir_option
@click.argument("model", metavar="FILE|OWNER/NAME/FILE")
@click.option(
    "--context", "context_tokens", type=click.IntRange(1), metavar="N", help="Context, in tokens."
)
@click.option("--kv", type=click.Choice(_KV_TYPES), default=KvType.F16.value, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def command(
    context: click.Context, *, model: str, context_tokens: int | None, kv: str, as_json: bool
) -> None:
    """Weigh a model: the memory it takes, and whether it fits this machine.

    MODEL is a file, or one on the Hugging Face Hub, of which only the header is fetched.
    """
    paths = Paths.default(chosen_data_dir(context))
    weighing = _weigh(WeighModel(source_of(model, paths), KvType(kv)), paths)
    with open_library(paths) as library:
        surroundings = library.surroundings()
    if context_tokens is None:
        context_tokens = default_context_tokens(weighing.facts, surroundings.available_bytes)
    figures = _figures(weighing, context_tokens, surroundings)
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        click.echo(_as_text(weighing, context_tokens, figures))


def _weigh(request: WeighModel, paths: Paths) -> Weighing:
    for event in ask(request, paths):
        match event:
            case Weighed(weighing=weighing) if weighing.kind is FigureKind.WEIGHED:
                return weighing
            case _:
                continue
    raise AppError("The model could not be weighed", "No answer came.", "Try again.")


def _figures(
    weighing: Weighing, context_tokens: int, surroundings: Surroundings
) -> dict[str, int | float | str | None]:
    memory = weighing.memory_at(context_tokens)
    total_bytes = weighing.total_bytes_at(context_tokens)
    available_bytes, bandwidth = surroundings.available_bytes, surroundings.bandwidth_bytes_per_s
    speed = (
        estimate_tokens_per_s(weighing.facts, bandwidth, surroundings.calibration)
        if bandwidth
        else None
    )
    return {
        "weights_bytes": memory.weights_bytes,
        "context_bytes": memory.context_bytes,
        "compute_bytes": memory.compute_bytes,
        "total_bytes": total_bytes,
        "header_bytes_fetched": weighing.header_bytes_fetched,
        "requests": weighing.requests,
        "verdict": verdict(total_bytes, available_bytes, surroundings.total_bytes),
        "max_context": weighing.largest_context(available_bytes),
        "estimated_tokens_per_s": round(speed, 2) if speed else None,
    }


def _as_text(
    weighing: Weighing, context_tokens: int, figures: dict[str, int | float | str | None]
) -> str:
    memory = weighing.memory_at(context_tokens)
    speed = figures["estimated_tokens_per_s"]
    largest = weighing.largest_context(0) if figures["max_context"] is None else figures["max_context"]
    rows = [
        ("Weights", format_memory(memory.weights_bytes)),
        (
            "Context",
            f"{format_memory(memory.context_bytes)} for {format_count(context_tokens)} tokens "
            f"({weighing.kv_type.value})",
        ),
        ("Compute", format_memory(memory.compute_bytes)),
        ("Total", f"{format_memory(weighing.total_bytes_at(context_tokens))}, the engine included"),
        ("Verdict", str(figures["verdict"])),
    ]
    return "\n".join(f"{name:<10}{text}" for name, text in rows)
