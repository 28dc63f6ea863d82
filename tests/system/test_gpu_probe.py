from pathlib import Path

import pytest

from desktop.core.telemetry import DeviceUse
from desktop.system.gpu_probe import GpuProbe


@pytest.fixture
def card(tmp_path: Path) -> Path:
    device = tmp_path / "class" / "drm" / "card1" / "device"
    device.mkdir(parents=True)
    (device / "mem_info_vram_total").write_text("8573157376\n", "ascii")
    (device / "mem_info_vram_used").write_text("123456\n", "ascii")
    return device


def amd_devices(system: Path) -> tuple[DeviceUse, ...]:
    probe = GpuProbe(system)
    devices = tuple(device for device in probe.devices() if "AMD" in device.name)
    probe.close()
    return devices


def test_an_amd_card_tells_its_memory(card: Path, tmp_path: Path):
    assert amd_devices(tmp_path) == (DeviceUse("AMD graphics", 123456, 8573157376),)
    (card / "product_name").write_text("AMD Radeon RX 6600\n", "ascii")
    assert amd_devices(tmp_path)[0].name == "AMD Radeon RX 6600"


def test_a_sensor_that_is_missing_is_not_available(card: Path, tmp_path: Path):
    (card / "mem_info_vram_used").unlink()
    assert amd_devices(tmp_path) == (DeviceUse("AMD graphics", None, 8573157376),)


def test_a_machine_without_cards_has_none_and_may_be_asked_again(tmp_path: Path):
    probe = GpuProbe(tmp_path)
    assert probe.devices() == probe.devices()
    probe.close()
    probe.close()
    assert amd_devices(tmp_path) == ()
