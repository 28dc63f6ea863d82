import pytest

from desktop.core.memory_fit import MemoryBreakdown
from desktop.engine.memory_report import (
    has_repacked,
    read_cache,
    read_cache_devices,
    read_memory_report,
)

MEBIBYTE = 1024**2
WEIGHTS_BYTES = 6000 * MEBIBYTE
CPU_LOAD = """\
load_tensors: loading model tensors, this can take a while... (mmap = true)
load_tensors:   CPU_Mapped model buffer size =    92.10 MiB
llama_context:        CPU  output buffer size =     0.19 MiB
llama_kv_cache:        CPU KV buffer size =    45.00 MiB
llama_kv_cache: size =   45.00 MiB (  2048 cells,  30 layers,  1/1 seqs), K (f16):   22.50 MiB
sched_reserve:        CPU compute buffer size =    15.50 MiB
"""
GPU_LOAD = """\
load_tensors: offloaded 29/29 layers to GPU
load_tensors:   CPU_Mapped model buffer size =   308.23 MiB
load_tensors:        CUDA0 model buffer size =  4403.49 MiB
load_tensors:        CUDA1 model buffer size =  1000.00 MiB
llama_context:  CUDA_Host  output buffer size =     0.58 MiB
llama_kv_cache_iswa: creating non-SWA KV cache, size = 4096 cells
llama_kv_cache:      CUDA0 KV buffer size =   224.00 MiB
llama_kv_cache_iswa: creating SWA KV cache, size = 1536 cells
llama_kv_cache:      CUDA0 KV buffer size =    36.00 MiB
llama_memory_recurrent:      CUDA0 RS buffer size =    10.00 MiB
sched_reserve:      CUDA0 compute buffer size =   304.00 MiB
sched_reserve:  CUDA_Host compute buffer size =    15.01 MiB
"""


def test_a_load_on_the_processor_is_added_up() -> None:
    assert read_memory_report(CPU_LOAD.splitlines(), WEIGHTS_BYTES) == MemoryBreakdown(
        weights_bytes=round(92.10 * MEBIBYTE),
        context_bytes=45 * MEBIBYTE,
        compute_bytes=round((0.19 + 15.50) * MEBIBYTE),
    )


def test_buffers_of_several_devices_and_caches_add_up() -> None:
    memory = read_memory_report(GPU_LOAD.splitlines(), WEIGHTS_BYTES)
    expected = (308.23 + 4403.49 + 1000) * MEBIBYTE
    assert memory.weights_bytes == pytest.approx(expected, abs=3)
    assert memory.context_bytes == (224 + 36 + 10) * MEBIBYTE
    assert memory.compute_bytes == round((304 + 15.01 + 0.58) * MEBIBYTE)


def test_of_repeated_reservations_the_last_counts() -> None:
    lines = ["CPU compute buffer size = 98.00 MiB", "CPU compute buffer size = 18.00 MiB"]
    assert read_memory_report(lines, WEIGHTS_BYTES).compute_bytes == 18 * MEBIBYTE


@pytest.mark.parametrize("lines", [(), ("nothing of interest", "buffer size = 3 MiB")])
def test_a_log_without_buffers_reports_nothing(lines: tuple[str, ...]) -> None:
    assert read_memory_report(lines, WEIGHTS_BYTES) == MemoryBreakdown(0, 0, 0)


REPACKED_LOAD = (
    "load_tensors:   CPU_Mapped model buffer size =    53.76 MiB",
    "load_tensors:   CPU_REPACK model buffer size =    53.68 MiB",
)


def test_repacked_weights_that_a_mapping_spans_as_well_count_once() -> None:
    assert has_repacked(REPACKED_LOAD)
    assert read_memory_report(REPACKED_LOAD, 67 * MEBIBYTE).weights_bytes == 67 * MEBIBYTE


def test_weights_that_were_read_and_not_mapped_count_as_they_are() -> None:
    lines = ("CPU model buffer size = 13.00 MiB", "CPU_REPACK model buffer size = 54.00 MiB")
    assert not has_repacked(lines)
    assert read_memory_report(lines, MEBIBYTE).weights_bytes == 67 * MEBIBYTE


def test_a_dry_run_tells_the_size_of_caches_that_have_none() -> None:
    lines = (
        "llama_kv_cache:      CUDA0 KV buffer size =     0.00 MiB",
        "llama_kv_cache:      CUDA1 KV buffer size =     0.00 MiB",
        "llama_kv_cache: size =   22.50 MiB (  1024 cells,  30 layers), K (f16):   11.25 MiB",
        "llama_memory_recurrent:        CPU RS buffer size =     0.00 MiB",
        "llama_memory_recurrent: size =    0.50 MiB (     1 cells,   8 layers,  1 seqs)",
    )
    assert read_cache(lines) == 23 * MEBIBYTE
    assert read_cache_devices(lines) == ("CUDA0", "CUDA1", "CPU")
