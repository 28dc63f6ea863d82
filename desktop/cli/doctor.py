"""``heft doctor``: what this machine has, for the curious and for reports of faults."""

import json
import platform
from contextlib import closing
from dataclasses import asdict
from importlib import import_module

import click

from desktop import __version__
from desktop.cli.data_dir import chosen_data_dir, data_dir_option
from desktop.core.text_format import NOT_AVAILABLE, format_bytes
from desktop.storage.paths import Paths
from desktop.system.gpu_probe import GpuProbe
from desktop.system.hardware import describe_hardware, measure_memory_bandwidth

_LABELS = {
    "cpu": "Processor",
    "total_bytes": "Memory",
    "available_bytes": "Available memory",
    "memory_bandwidth_bytes_per_s": "Memory bandwidth",
}
_SIZES = ("total_bytes", "available_bytes", "used_bytes")


@click.command("doctor")
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Show what this machine has: processor, memory, devices, versions, folders."""
    report = _report(Paths.default(chosen_data_dir(context)))
    click.echo(json.dumps(report, indent=2) if as_json else _as_text(report))


def _report(paths: Paths) -> dict[str, object]:
    hardware = asdict(describe_hardware())
    versions = {"Heft": __version__, "Python": platform.python_version()}
    versions |= {name: text or "not installed" for name, text in hardware.pop("versions").items()}
    with closing(GpuProbe()) as probe:
        sensors = [asdict(device) for device in probe.devices()]
    return {
        **hardware,
        "memory_bandwidth_bytes_per_s": measure_memory_bandwidth(),
        "compute_devices": _compute_devices(),
        "graphics_sensors": sensors,
        "versions": versions,
        "folders": {
            "data": str(paths.data),
            "models": str(paths.models),
            "settings": str(paths.config),
            "cache": str(paths.cache),
            "logs": str(paths.logs),
        },
    }


def _compute_devices() -> list[dict[str, object]] | str:
    """Return the devices that llama.cpp sees, or why it cannot be asked, which is worth knowing."""
    try:
        found = import_module("desktop.engine.backends").devices()
    except (ImportError, OSError, RuntimeError) as error:
        return f"llama.cpp could not be loaded: {error}"
    return [
        {
            "name": device.name,
            "description": device.description,
            # For processors llama.cpp repeats the RAM of the machine.
            "total_bytes": device.total_bytes if device.is_gpu else None,
        }
        for device in found
    ]


def _as_text(report: dict[str, object]) -> str:
    return "\n".join(line for key, value in report.items() for line in _lines(key, value))


def _lines(key: str, value: object) -> list[str]:
    label = _LABELS.get(key) or key.replace("_", " ").capitalize()
    match value:
        case dict():
            return [f"{label}:", *(f"  {name}: {text}" for name, text in value.items())]
        case []:
            return [f"{label}: {NOT_AVAILABLE}"]
        case list():
            return [f"{label}:", *(f"  {_device(item)}" for item in value)]
        case float():
            return [f"{label}: {format_bytes(value)}/s"]
        case int() if key in _SIZES:
            return [f"{label}: {format_bytes(value)}"]
        case _:
            return [f"{label}: {value}"]


def _device(device: dict[str, object]) -> str:
    parts = []
    for key, value in device.items():
        if isinstance(value, int) and key in _SIZES:
            parts.append(f"{format_bytes(value)} {key.removesuffix('_bytes')}")
        elif value is not None:
            parts.append(str(value))
    return ", ".join(parts)
