"""``heft weigh``: what a model takes and how fast it would be, before it is downloaded."""

import json
from dataclasses import asdict, dataclass

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
from desktop.wire.weigh_messages import Weighed, WeighModel

_KV_TYPES = [kv_type.value for kv_type in KvType]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is printed, by these names.

    Attributes:
        total_bytes: With the engine itself.
        max_context: The longest that fits, in tokens; 0 if none does.
        estimated_tokens_per_s: None if the memory's bandwidth is not known.
    """

    weights_bytes: int
    context_bytes: int
    compute_bytes: int
    total_bytes: int
    header_bytes_fetched: int
    requests: int
    verdict: str
    max_context: int
    estimated_tokens_per_s: float | None


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
    outcome = _outcome(weighing, context_tokens, surroundings)
    if as_json:
        click.echo(json.dumps(asdict(outcome), indent=2))
    else:
        click.echo(_as_text(outcome, context_tokens, kv, surroundings.speed_error))


def _weigh(request: WeighModel, paths: Paths) -> Weighing:
    for event in ask(request, paths):
        match event:
            case Weighed(weighing=weighing) if weighing.kind is FigureKind.WEIGHED:
                return weighing
            case _:
                continue
    raise AppError("The model could not be weighed", "No answer came.", "Try again.")


def _outcome(weighing: Weighing, context_tokens: int, surroundings: Surroundings) -> _Outcome:
    memory = weighing.memory_at(context_tokens)
    total_bytes = weighing.total_bytes_at(context_tokens)
    available_bytes, bandwidth = surroundings.available_bytes, surroundings.bandwidth_bytes_per_s
    speed = None
    if bandwidth is not None:
        speed = estimate_tokens_per_s(weighing.facts, bandwidth, surroundings.calibration)
    return _Outcome(
        memory.weights_bytes,
        memory.context_bytes,
        memory.compute_bytes,
        total_bytes,
        weighing.header_bytes_fetched,
        weighing.requests,
        verdict(total_bytes, available_bytes, surroundings.total_bytes),
        weighing.largest_context(available_bytes),
        speed or None,
    )


def _as_text(outcome: _Outcome, context_tokens: int, kv: str, speed_error: float | None) -> str:
    context = f"for {format_count(context_tokens)} tokens, {kv}"
    speed = NOT_AVAILABLE
    if outcome.estimated_tokens_per_s is not None:
        off = f", off by {speed_error:.0%} for others" if speed_error is not None else ""
        speed = f"{format_speed(outcome.estimated_tokens_per_s)} (estimated{off})"
    rows = {
        "Weights": format_memory(outcome.weights_bytes),
        "Context": f"{format_memory(outcome.context_bytes)} {context}",
        "Compute": format_memory(outcome.compute_bytes),
        "Total": f"{format_memory(outcome.total_bytes)} with the engine itself",
        "Verdict": outcome.verdict,
        "Longest context that fits": f"{format_count(outcome.max_context)} tokens",
        "Speed": speed,
    }
    if outcome.requests:
        fetched = format_bytes(outcome.header_bytes_fetched)
        rows["Fetched"] = f"{fetched} of header in {outcome.requests} requests"
    width = max(map(len, rows)) + 2
    return "\n".join(f"{name:<{width}}{text}" for name, text in rows.items())
