"""Snapshots of what the app and the machine are doing."""

from dataclasses import dataclass
from enum import Enum

from desktop.core.errors import Problem
from desktop.core.memory_fit import MemoryBreakdown


class EnginePhase(Enum):
    """What the engine is doing; the value is what the user reads."""

    EMPTY = "no model"
    LOADING = "loading"
    IDLE = "idle"
    READING = "reading the prompt"
    ANSWERING = "answering"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class ProcessMemory:
    """Memory of one process as the system counts it, in bytes; None is not available.

    Attributes:
        rss_bytes: Resident: every page in RAM, pages of mapped files and shared ones included.
        pss_bytes: The same, with each shared page divided by the number of its users.
        swap_bytes: Pages that were moved out to swap.
    """

    rss_bytes: int
    pss_bytes: int | None
    swap_bytes: int | None


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """A graphics device and its memory, in bytes; None is not available."""

    name: str
    used_bytes: int | None
    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class MachineSnapshot:
    """What the sampler saw in one second; None is not available.

    Attributes:
        engine: The engine process; None when there is none.
        app: The process of the window.
        available_bytes: RAM that programs can get without swapping.
        total_bytes: Installed RAM.
        engine_cpu_percent: Of one core, so up to 100 times the cores.
        machine_cpu_percent: Of all cores together, 0 to 100.
        devices: Graphics devices with a sensor.
        power_watts: Drawn by the processor package.
    """

    engine: ProcessMemory | None
    app: ProcessMemory
    available_bytes: int
    total_bytes: int
    engine_cpu_percent: float | None
    machine_cpu_percent: float
    devices: tuple[DeviceUse, ...] = ()
    power_watts: float | None = None


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What a loaded model turned out to be.

    Attributes:
        load_s: From the request to the first decoded token.
        has_chat_template: False when a plain format stands in for the model's own.
        notices: What the user should know of this load, in sentences.
    """

    model_name: str
    context_tokens: int
    context_limit_tokens: int
    memory: MemoryBreakdown
    device: str
    threads: int
    load_s: float
    has_chat_template: bool
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the status panel shows of the engine; None is not available.

    Attributes:
        progress: 0 to 1 while loading.
        prompt_tokens: Tokens of the prompt being read, or of the last one.
        prompt_done_tokens: Those of them that are in the context.
        tokens_per_s_now: Decode speed over the last second.
        context_used_tokens: Tokens in the context now.
    """

    phase: EnginePhase = EnginePhase.EMPTY
    model_name: str = ""
    facts: EngineFacts | None = None
    progress: float = 0.0
    prompt_tokens: int = 0
    prompt_done_tokens: int = 0
    cached_tokens: int = 0
    tokens_per_s_now: float | None = None
    tokens_per_s_average: float | None = None
    time_to_first_token_s: float | None = None
    prompt_tokens_per_s: float | None = None
    context_used_tokens: int = 0
    problem: Problem | None = None
