"""An engine at work and its machine, as the scale is told of them."""

from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.telemetry import (
    EngineFacts,
    EnginePhase,
    EngineStatus,
    MachineSnapshot,
    ProcessMemory,
)

MB, GB = 10**6, 10**9
FACTS = EngineFacts(
    model_name="SmolLM2 135M Instruct",
    context_tokens=4096,
    context_limit_tokens=8192,
    memory=MemoryBreakdown(92 * MB, 90 * MB, 18 * MB),
    device="CPU",
    threads=2,
    load_s=0.3,
    has_chat_template=True,
)
ANSWERING = EngineStatus(
    phase=EnginePhase.ANSWERING,
    model_name="SmolLM2 135M Instruct",
    facts=FACTS,
    prompt_tokens=320,
    prompt_done_tokens=320,
    cached_tokens=37,
    tokens_per_s_now=134.2,
    tokens_per_s_average=131.0,
    time_to_first_token_s=0.05,
    prompt_tokens_per_s=283.0,
    context_used_tokens=412,
)
SNAPSHOT = MachineSnapshot(
    engine=ProcessMemory(262 * MB, 250 * MB, 0),
    app=ProcessMemory(96 * MB, None, None),
    available_bytes=21_800 * MB,
    total_bytes=24 * GB,
    engine_cpu_percent=190.0,
    machine_cpu_percent=96.0,
)
