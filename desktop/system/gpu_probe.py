"""Graphics devices and their memory, from what their drivers report."""

import importlib
import logging
from pathlib import Path
from types import ModuleType

from desktop.core.telemetry import DeviceUse

_SYSTEM = Path("/sys")
_logger = logging.getLogger(__name__)


class GpuProbe:
    """Asks NVIDIA's management library and the AMD driver; holds the library until closed."""

    def __init__(self, system: Path = _SYSTEM) -> None:
        self._system = system
        self._nvml = _start_nvml()

    def devices(self) -> tuple[DeviceUse, ...]:
        """Return the devices with a sensor; empty where there is none."""
        return (*self._nvidia_devices(), *self._amd_devices())

    def close(self) -> None:
        """Let the library go; safe to call twice."""
        if self._nvml is not None:
            self._nvml.nvmlShutdown()
            self._nvml = None

    def _nvidia_devices(self) -> tuple[DeviceUse, ...]:
        nvml = self._nvml
        if nvml is None:
            return ()
        try:
            return tuple(
                _nvidia_device(nvml, nvml.nvmlDeviceGetHandleByIndex(index))
                for index in range(nvml.nvmlDeviceGetCount())
            )
        except nvml.NVMLError as error:
            # The driver was taken away or replaced under a running program.
            _logger.warning("NVML: %s", error)
            return ()

    def _amd_devices(self) -> tuple[DeviceUse, ...]:
        cards = sorted(self._system.glob("class/drm/card*/device/mem_info_vram_total"))
        return tuple(_amd_device(file.parent) for file in cards)


def _start_nvml() -> ModuleType | None:
    try:
        # Loaded here, because importing it costs time that machines without it need not spend.
        nvml = importlib.import_module("pynvml")
    except ImportError:
        return None
    try:
        nvml.nvmlInit()
    except nvml.NVMLError as error:
        _logger.info("NVML: %s", error)
        return None
    return nvml


def _nvidia_device(nvml: ModuleType, handle: object) -> DeviceUse:
    name = str(nvml.nvmlDeviceGetName(handle))
    try:
        memory = nvml.nvmlDeviceGetMemoryInfo(handle)
    except nvml.NVMLError:
        # Devices that share the machine's memory have none of their own to report.
        return DeviceUse(name, None, None)
    return DeviceUse(name, int(memory.used), int(memory.total))


def _amd_device(device: Path) -> DeviceUse:
    return DeviceUse(
        name=_text(device / "product_name") or "AMD graphics",
        used_bytes=_number(device / "mem_info_vram_used"),
        total_bytes=_number(device / "mem_info_vram_total"),
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _number(file: Path) -> int | None:
    text = _text(file)
    return int(text) if text.isdecimal() else None
