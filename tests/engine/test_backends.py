import logging
from collections.abc import Callable

import pytest

from desktop.engine import backends
from desktop.engine.backends import DeviceKind
from desktop.engine.model import LoadedModel

LoadTiny = Callable[..., LoadedModel]


def test_the_processor_is_among_the_devices() -> None:
    kinds = [device.kind for device in backends.devices()]
    assert DeviceKind.CPU in kinds
    assert backends.compute_device() in backends.devices()


def test_a_graphics_device_is_preferred() -> None:
    has_gpu = any(device.is_gpu for device in backends.devices())
    assert backends.compute_device().is_gpu == has_gpu


def test_starting_twice_does_no_harm() -> None:
    backends.start()
    backends.start()


def test_the_lines_of_a_load_are_captured(load_tiny: LoadTiny) -> None:
    with backends.log.capture() as lines:
        load_tiny(layers=2)
    assert any("KV buffer size" in line for line in lines)
    assert lines[-1] == backends.log.tail[-1]
    assert len(backends.log.tail) <= backends.KEPT_LOG_LINES


def test_a_line_may_come_in_several_pieces(caplog: pytest.LogCaptureFixture) -> None:
    with backends.log.capture() as lines, caplog.at_level(logging.DEBUG, "llama.cpp"):
        backends.log.take(3, b"half a ", None)
        assert lines == []
        backends.log.take(5, b"line\nand a na\xc3\xafve \xff one\n\n", None)
    assert lines == ["half a line", "and a naïve \ufffd one"]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_debug_lines_are_not_kept() -> None:
    with backends.log.capture() as lines:
        backends.log.take(1, b"a detail\n", None)
    assert lines == []
    assert "a detail" not in backends.log.tail


def test_after_a_capture_nothing_is_added_to_it() -> None:
    with backends.log.capture() as lines:
        backends.log.take(2, b"inside\n", None)
    backends.log.take(2, b"outside\n", None)
    assert lines == ["inside"]
