"""What the scale says: the engine's status and the machine's snapshot as words and bars."""

from collections.abc import Callable

from desktop.core.telemetry import DeviceUse, EnginePhase, EngineStatus, MachineSnapshot
from desktop.core.text_format import (
    NOT_AVAILABLE,
    format_bytes,
    format_count,
    format_memory,
    format_rate,
    format_seconds,
    format_speed,
)
from desktop.ui.widgets.facts_grid import Fact
from desktop.ui.widgets.stacked_bar import Segment

NOTHING = "\N{EN DASH}"
"""Stands where there is nothing to measure at the moment, unlike a sensor that is missing."""
_NEARLY_FULL = 0.9
_RESIDENT_HINT = (
    "Resident memory (RSS): every page of the engine that is in RAM, the parts of the model file "
    "it maps included."
)
_ITSELF_HINT = "Resident memory that is not the model: the llama.cpp libraries and their tables."


def phase_text(status: EngineStatus) -> str:
    """Say what the engine is doing, and how far it is."""
    if status.phase is EnginePhase.LOADING:
        return f"{status.phase.value} {status.progress * 100:.0f} %"
    if status.phase is EnginePhase.READING and status.prompt_tokens:
        done = format_count(status.prompt_done_tokens)
        return f"{status.phase.value} {done} of {format_count(status.prompt_tokens)}"
    return str(status.phase.value)


def speed_figure(status: EngineStatus) -> tuple[str, bool]:
    """Return the number of the large figure, and whether it is the speed of this moment.

    Between answers the average of the last one stays, so that the figure does not vanish.
    """
    is_live = status.phase is EnginePhase.ANSWERING and status.tokens_per_s_now is not None
    value = status.tokens_per_s_now if is_live else status.tokens_per_s_average
    return (NOTHING if value is None else format_rate(value)), is_live


def speed_facts(status: EngineStatus) -> tuple[Fact, ...]:
    """Return the rows below the curve."""
    cached = NOTHING
    if status.prompt_tokens:
        cached = f"{format_count(status.cached_tokens)} of {format_count(status.prompt_tokens)}"
    return (
        Fact(
            "average",
            _or_nothing(format_speed, status.tokens_per_s_average),
            hint="Over the whole answer, from its first token to its last.",
        ),
        Fact(
            "first token",
            _or_nothing(format_seconds, status.time_to_first_token_s),
            hint="From your message to the first token of the answer.",
        ),
        Fact(
            "prompt",
            _or_nothing(format_speed, status.prompt_tokens_per_s),
            hint="How fast the conversation was read, without what was cached.",
        ),
        Fact(
            "cached",
            cached,
            hint="Tokens of the conversation that were still in the context and not read again.",
        ),
    )


def resident_bytes(snapshot: MachineSnapshot) -> int | None:
    """Return the resident memory of the engine; None when there is none."""
    return None if snapshot.engine is None else snapshot.engine.rss_bytes


def resident_hint(snapshot: MachineSnapshot) -> str:
    """Explain the memory figure."""
    pss_bytes = None if snapshot.engine is None else snapshot.engine.pss_bytes
    return (
        f"{_RESIDENT_HINT}\nWith shared pages divided by the number of their users (PSS): "
        f"{format_memory(pss_bytes)}."
    )


def memory_segments(status: EngineStatus, snapshot: MachineSnapshot) -> tuple[Segment, ...]:
    """Return what the engine's memory consists of."""
    resident = resident_bytes(snapshot) or 0
    if status.facts is None:
        return (_segment("engine", resident, "other"),) if resident else ()
    memory = status.facts.memory
    return (
        _segment("weights", memory.weights_bytes, "weights"),
        _segment("context", memory.context_bytes, "context"),
        _segment("compute", memory.compute_bytes, "compute"),
        _segment("engine itself", max(0, resident - memory.total_bytes), "other"),
    )


def memory_facts(status: EngineStatus, snapshot: MachineSnapshot) -> tuple[Fact, ...]:
    """Return what the engine's memory consists of, as rows."""
    if status.facts is None:
        return tuple(
            Fact(name, NOTHING, role)
            for name, role in (
                ("weights", "weights"),
                ("context", "context"),
                ("compute", "compute"),
                ("engine itself", "other"),
            )
        )
    facts = status.facts
    resident = resident_bytes(snapshot)
    itself = None if resident is None else resident - facts.memory.total_bytes
    # Less than nothing: part of the model is not in RAM but in the file or on a device.
    itself_text = format_bytes(itself) if itself is not None and itself >= 0 else NOT_AVAILABLE
    return (
        Fact("weights", format_bytes(facts.memory.weights_bytes), "weights"),
        Fact(
            f"context {format_count(facts.context_tokens)}",
            format_bytes(facts.memory.context_bytes),
            "context",
            "Room for the conversation, taken in full when the model is loaded.",
        ),
        Fact("compute", format_bytes(facts.memory.compute_bytes), "compute"),
        Fact("engine itself", itself_text, "other", _ITSELF_HINT),
    )


def room_segments(snapshot: MachineSnapshot) -> tuple[Segment, ...]:
    """Return who has the machine's memory: the engine, and all others."""
    resident = resident_bytes(snapshot) or 0
    others = max(0, snapshot.total_bytes - snapshot.available_bytes - resident)
    return (
        _segment("engine", resident, "accent"),
        _segment("other programs", others, "other"),
    )


def room_facts(snapshot: MachineSnapshot) -> tuple[Fact, ...]:
    """Return what is left of the machine's memory, and what else the app takes."""
    rows = [Fact("available", _part(snapshot.available_bytes, snapshot.total_bytes))]
    rows.append(Fact("this window", format_bytes(snapshot.app.rss_bytes)))
    swapped = snapshot.engine.swap_bytes if snapshot.engine is not None else None
    if swapped:
        rows.append(
            Fact("swapped out", format_bytes(swapped), hint="Pages of the engine moved to disk.")
        )
    rows.extend(_device_fact(device, snapshot.devices) for device in snapshot.devices)
    return tuple(rows)


def context_facts(status: EngineStatus) -> tuple[Fact, ...]:
    """Return how much of the context is used."""
    if status.facts is None:
        return (Fact("used", NOTHING),)
    used, total = status.context_used_tokens, status.facts.context_tokens
    name = "nearly full" if total and used / total >= _NEARLY_FULL else "used"
    limit = status.facts.context_limit_tokens
    hint = f"The model was made for up to {format_count(limit)} tokens." if limit else ""
    return (Fact(name, f"{format_count(used)} of {format_count(total)}", hint=hint),)


def context_segments(status: EngineStatus) -> tuple[Segment, ...]:
    """Return the used part of the context."""
    used = status.context_used_tokens
    return (Segment(used, "context", f"{format_count(used)} tokens used"),)


def machine_facts(status: EngineStatus, snapshot: MachineSnapshot | None) -> tuple[Fact, ...]:
    """Return where the model runs and what the processor does."""
    use = NOTHING if snapshot is None else f"{snapshot.machine_cpu_percent:.0f} %"
    watts = None if snapshot is None else snapshot.power_watts
    facts = status.facts
    return (
        Fact("device", NOTHING if facts is None else facts.device),
        Fact("threads", NOTHING if facts is None else format_count(facts.threads)),
        Fact("processor use", use, hint="Of all cores together, by all programs."),
        Fact(
            "energy",
            NOT_AVAILABLE if watts is None else f"{watts:.1f} W",
            hint="Drawn by the processor, where the machine has a sensor that may be read.",
        ),
    )


def line_parts(status: EngineStatus, snapshot: MachineSnapshot | None) -> tuple[str, ...]:
    """Return the scale in one line, the most important part first."""
    parts = [phase_text(status)]
    number, is_live = speed_figure(status)
    if number != NOTHING:
        parts.append(f"{number} tokens/s" if is_live else f"{number} tokens/s last answer")
    if snapshot is not None:
        if (resident := resident_bytes(snapshot)) is not None:
            parts.append(f"{format_memory(resident)} of memory")
        parts.append(f"{format_memory(snapshot.available_bytes)} available")
    if status.facts is not None:
        parts.append(f"context {context_facts(status)[0].value}")
        threads = status.facts.threads
        parts.append(f"{status.facts.device}, {threads} thread{'' if threads == 1 else 's'}")
    return tuple(parts)


def _or_nothing(write: Callable[[float], str], value: float | None) -> str:
    return NOTHING if value is None else write(value)


def _segment(name: str, count: int, role: str) -> Segment:
    return Segment(count, role, f"{name} {format_bytes(count)}")


def _part(count: int | None, total: int | None) -> str:
    """Write a part of a whole, both in gigabytes: ``21.8 of 24.0 GB``."""
    if count is None or total is None:
        return NOT_AVAILABLE
    return f"{format_memory(count).removesuffix(' GB')} of {format_memory(total)}"


def _device_fact(device: DeviceUse, devices: tuple[DeviceUse, ...]) -> Fact:
    name = "VRAM" if len(devices) == 1 else f"VRAM {devices.index(device) + 1}"
    return Fact(name, _part(device.used_bytes, device.total_bytes), hint=device.name)


def share_text(snapshot: MachineSnapshot) -> str:
    """Say how much of the machine's memory the engine has."""
    resident = resident_bytes(snapshot)
    if resident is None or not snapshot.total_bytes:
        return ""
    share = resident / snapshot.total_bytes * 100
    return f"{'under 1' if share < 1 else f'{share:.0f}'} % of this machine"
