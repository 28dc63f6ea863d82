"""llama.cpp's start-up, its log and its devices; owns what must outlive every call."""

import ctypes
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import llama_cpp

KEPT_LOG_LINES = 50

_LEVELS = {1: logging.DEBUG, 2: logging.INFO, 3: logging.WARNING, 4: logging.ERROR}
_CONTINUATION = 5

_logger = logging.getLogger("llama.cpp")


class DeviceKind(IntEnum):
    """ggml's device types (`enum ggml_backend_dev_type`)."""

    CPU = 0
    GPU = 1
    INTEGRATED_GPU = 2
    ACCELERATOR = 3
    META = 4


@dataclass(frozen=True, slots=True)
class Device:
    """A device that llama.cpp can compute on; memory is 0 where ggml does not know it."""

    name: str
    description: str
    kind: DeviceKind
    total_bytes: int
    free_bytes: int

    @property
    def is_gpu(self) -> bool:
        """Whether layers can be offloaded to it."""
        return self.kind in {DeviceKind.GPU, DeviceKind.INTEGRATED_GPU}


class _Log:
    """Every line llama.cpp logs: the last 50 kept, all of them handed to whoever captures."""

    def __init__(self) -> None:
        self.tail: deque[str] = deque(maxlen=KEPT_LOG_LINES)
        self._captures: list[list[str]] = []
        self._level = logging.DEBUG
        self._pending = ""

    def take(self, level: int, text: bytes, _user_data: int | None) -> None:
        """Receive a piece of the log; a line may come in several pieces."""
        if level != _CONTINUATION:
            self._level = _LEVELS.get(level, logging.DEBUG)
        self._pending += text.decode("utf-8", errors="replace")
        *lines, self._pending = self._pending.split("\n")
        for line in lines:
            if line.strip():
                self._keep(line)

    def _keep(self, line: str) -> None:
        _logger.log(self._level, "%s", line)
        if self._level == logging.DEBUG:
            return
        self.tail.append(line)
        for capture in self._captures:
            capture.append(line)

    @contextmanager
    def capture(self) -> Iterator[list[str]]:
        """Collect the lines that are logged inside the block, debug lines left out."""
        lines: list[str] = []
        self._captures.append(lines)
        try:
            yield lines
        finally:
            self._captures.remove(lines)


log = _Log()
# ctypes keeps no reference to a callback it hands to C: a collected one is a crash.
_log_callback = llama_cpp.llama_log_callback(log.take)
_library = llama_cpp.llama_cpp._lib  # noqa: SLF001 (ggml's device API is not wrapped)
_is_started = False


def start() -> None:
    """Prepare llama.cpp once per process: log, compute backends, global state."""
    global _is_started  # noqa: PLW0603 (llama.cpp's own state is global)
    if _is_started:
        return
    llama_cpp.llama_log_set(_log_callback, ctypes.c_void_p(0))
    _load_dynamic_backends()
    llama_cpp.llama_backend_init()
    _is_started = True


def devices() -> tuple[Device, ...]:
    """Return every device that llama.cpp sees, in its own order."""
    start()
    count = _function("ggml_backend_dev_count", ctypes.c_size_t)()
    get = _function("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
    return tuple(_describe(get(index)) for index in range(count))


def compute_device() -> Device:
    """Return the device that llama.cpp offloads to by default: the first GPU, else the CPU."""
    found = devices()
    gpus = [device for device in found if device.is_gpu]
    cpus = [device for device in found if device.kind is DeviceKind.CPU]
    return (gpus or cpus or list(found))[0]


def _load_dynamic_backends() -> None:
    # The binding never loads backends that were built as separate libraries. It must be asked of
    # libllama's handle: libggml.so opened by name is a second copy with its own registry.
    load = getattr(_library, "ggml_backend_load_all_from_path", None)
    if load is not None:
        load.argtypes, load.restype = [ctypes.c_char_p], None
        load(str(Path(llama_cpp.__file__).parent / "lib").encode())


def _function(name: str, result: object, *arguments: object) -> "ctypes._NamedFuncPointer":
    function = getattr(_library, name)
    function.restype, function.argtypes = result, list(arguments)
    return function  # type: ignore[no-any-return]  # CDLL attributes are untyped


def _describe(device: int) -> Device:
    pointer = ctypes.c_void_p
    free_bytes, total_bytes = ctypes.c_size_t(), ctypes.c_size_t()
    memory = _function(
        "ggml_backend_dev_memory",
        None,
        pointer,
        ctypes.POINTER(ctypes.c_size_t),
        ctypes.POINTER(ctypes.c_size_t),
    )
    memory(device, ctypes.byref(free_bytes), ctypes.byref(total_bytes))
    name = _function("ggml_backend_dev_name", ctypes.c_char_p, pointer)(device)
    description = _function("ggml_backend_dev_description", ctypes.c_char_p, pointer)(device)
    kind = _function("ggml_backend_dev_type", ctypes.c_int, pointer)(device)
    return Device(
        name=name.decode(errors="replace"),
        description=description.decode(errors="replace"),
        kind=DeviceKind(kind),
        total_bytes=total_bytes.value,
        free_bytes=free_bytes.value,
    )
