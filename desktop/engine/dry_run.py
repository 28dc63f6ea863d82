"""What llama.cpp would allocate for a model, without allocating it.

Weights: a load is broken off when all buffers are there and none was filled. Caches and compute:
`no_alloc` reports them for any length of context, and takes none. What the vocabulary takes is
seen on this process, which really reads it. What comes out is the resident memory of the engine
when its whole context has been in use.
"""

from pathlib import Path

import llama_cpp

from desktop.core.errors import AppError
from desktop.core.figure import FigureKind
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import RUNTIME_BYTES, MemoryBreakdown
from desktop.core.weighing import (
    CPU_NAME,
    DeviceMemory,
    KvType,
    WeighedPoint,
    Weighing,
    context_lengths,
)
from desktop.engine import backends
from desktop.engine.load_problem import load_error
from desktop.engine.load_settings import LoadSettings, context_parameters
from desktop.engine.memory_report import (
    read_cache,
    read_cache_devices,
    read_compute,
    read_weights,
)
from desktop.system.memory_probe import resident_bytes


class DryRun:
    """A model as llama.cpp sees it without its weights; for a process that ends soon after.

    llama.cpp trusts what a header says and may end the process over it.
    """

    def __init__(self, path: Path, name: str, facts: ModelFacts) -> None:
        """Load what is not weights; the file is not needed afterwards.

        Args:
            path: The model, or its twin.
            name: What the model is called, for errors.
            facts: Of the model.

        Raises:
            AppError: llama.cpp refuses it.
        """
        backends.start()
        self._facts = facts
        self._name = name
        self._device = backends.compute_device()
        before_bytes = resident_bytes()
        self._model = self._load(path)
        _, with_vocabulary_bytes = self._report(context_lengths(facts)[0], KvType.F16)
        self._overhead_bytes = RUNTIME_BYTES + max(0, with_vocabulary_bytes - before_bytes)
        self._weights = self._weigh_weights(path)

    def weigh(self, kv_type: KvType) -> Weighing:
        """Weigh the model at several lengths of context.

        Raises:
            AppError: The context cannot be packed like that.
        """
        points = []
        for tokens in context_lengths(self._facts):
            lines, _ = self._report(tokens, kv_type)
            points.append(WeighedPoint(tokens, self._by_device(lines)))
        return Weighing(
            self._facts, kv_type, tuple(points), self._overhead_bytes, FigureKind.WEIGHED
        )

    def close(self) -> None:
        """Give the memory back."""
        llama_cpp.llama_model_free(self._model)

    def _load(self, path: Path) -> llama_cpp.llama_model_p:
        parameters = llama_cpp.llama_model_default_params()
        parameters.no_alloc = True
        # With a mapping llama.cpp insists on memory.
        parameters.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
        with backends.log.capture() as lines:
            model: llama_cpp.llama_model_p | None
            model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if model is None:
            raise load_error(Path(self._name), tuple(lines[-backends.KEPT_LOG_LINES :]))
        return model

    def _weigh_weights(self, path: Path) -> dict[str, int]:
        """Return the size of the weights on each device.

        Memory that is never written to takes none. Where it is refused all the same, the sizes in
        the file stand in.
        """
        parameters = llama_cpp.llama_model_default_params()
        parameters.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
        callback = llama_cpp.llama_progress_callback(_give_up)
        parameters.progress_callback = callback
        with backends.log.capture() as lines:
            llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        weights: dict[str, int] = {}
        for buffer, size_bytes in read_weights(lines).items():
            device = _device_of(buffer)
            weights[device] = weights.get(device, 0) + size_bytes
        return weights or {_device_of(self._device.name): self._facts.weights_bytes}

    def _report(self, context_tokens: int, kv_type: KvType) -> tuple[list[str], int]:
        """Return what llama.cpp logs for a context, and the memory of this process with it."""
        # The number of threads changes nothing.
        settings = LoadSettings(context_tokens, threads=1, kv_type=kv_type)
        parameters = context_parameters(self._facts, settings, self._device)
        with backends.log.capture() as lines:
            context: llama_cpp.llama_context_p | None
            context = llama_cpp.llama_init_from_model(self._model, parameters)
        if context is None:
            raise AppError(
                f"{self._name} cannot be weighed like this",
                f"The engine refuses a context of {context_tokens:,} tokens packed as "
                f"{kv_type.value}.",
                "Choose another packing of the context.",
                tuple(lines[-backends.KEPT_LOG_LINES :]),
            )
        with_context_bytes = resident_bytes()
        llama_cpp.llama_free(context)
        return lines, with_context_bytes

    def _by_device(self, lines: list[str]) -> tuple[DeviceMemory, ...]:
        weights = self._weights
        caches = [_device_of(buffer) for buffer in read_cache_devices(lines)]
        cache_bytes = read_cache(lines) // max(1, len(caches))
        compute: dict[str, int] = {}
        for buffer, size_bytes in read_compute(lines).items():
            device = _device_of(buffer)
            compute[device] = compute.get(device, 0) + size_bytes
        names = dict.fromkeys((*weights, *caches, *compute))
        return tuple(
            DeviceMemory(
                name,
                MemoryBreakdown(
                    weights.get(name, 0),
                    cache_bytes if name in caches else 0,
                    compute.get(name, 0),
                ),
            )
            for name in names
        )


def _device_of(buffer: str) -> str:
    """Return the device that a buffer lies on; buffers of the processor have several names."""
    gpus = [device.name for device in backends.devices() if device.is_gpu]
    return buffer if buffer in gpus else CPU_NAME


def _give_up(_fraction: float, _user_data: int | None) -> bool:
    """Break a load off when it begins to fill its buffers."""
    return False
