"""Fixtures for all tests, and guards that fail a test which leaves something behind."""

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
import pytest
import starter_model as starter

GRACE_S = 3.0
POLL_S = 0.02
OTHER_PROGRAMS = ("OLLAMA_MODELS", "HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME", "XDG_DATA_HOME")

# Tests that are started without dev.py must not need a screen either.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The starter model that dev.py fetched; reading it is allowed, changing it is not."""
    model = Path(os.environ.get("HEFT_STARTER_MODEL") or starter.cached_model())
    assert starter.is_whole(model), f"{model} is missing: run the tests through packaging/dev.py"
    return model


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without other programs, so that their models are not found."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for variable in OTHER_PROGRAMS:
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture
def data_dir(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that the app and its child processes will use."""
    folder = tmp_path / "data"
    monkeypatch.setenv("HEFT_DATA_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Fail a test that leaves a child process, an active timer or a listening socket."""
    processes = set(_living_children())
    sockets = _listening_sockets()
    # What exists by now is put aside, so that only what the test makes is looked at afterwards.
    gc.freeze()
    yield
    try:
        left = _active_qt_objects()
        left += [f"socket on {address}" for address in _listening_sockets() - sockets]
        left += _end_children(processes)
    finally:
        gc.unfreeze()
    assert not left, f"left behind: {', '.join(left)}"


def _living_children() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [child for child in children if _is_alive(child)]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _end_children(known: set[psutil.Process]) -> list[str]:
    """Give the test's children a moment to end, then kill and name the rest."""
    deadline_s = time.monotonic() + GRACE_S
    pause = threading.Event()
    while (left := set(_living_children()) - known) and time.monotonic() < deadline_s:
        pause.wait(POLL_S)
    names = []
    for process in left:
        with process.oneshot():
            names.append(f"process {process.pid} {' '.join(process.cmdline()[:4])}")
        process.kill()
    return names


def _listening_sockets() -> set[str]:
    connections = psutil.Process().net_connections("inet")
    listening = [one for one in connections if one.status == psutil.CONN_LISTEN]
    return {f"{one.laddr.ip}:{one.laddr.port}" for one in listening}


def _active_qt_objects() -> list[str]:
    """Name the timers that still tick and the local servers that still listen."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return []
    # Widgets that are closed at the end of a test are deleted by an event that nobody sends.
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    if not _active_objects(core):
        return []
    # An object that nothing but itself refers to is not left behind, only not yet collected.
    gc.collect()
    return [f"{type(item).__name__} of {item.parent()}" for item in _active_objects(core)]


def _active_objects(core: ModuleType) -> list[Any]:
    network = sys.modules.get("PySide6.QtNetwork")
    kinds = (core.QTimer, network.QLocalServer) if network else (core.QTimer,)
    suspects = [item for item in gc.get_objects() if issubclass(type(item), kinds)]
    valid = [item for item in suspects if sys.modules["shiboken6"].isValid(item)]
    return [
        item
        for item in valid
        if (item.isActive() if isinstance(item, core.QTimer) else item.isListening())
    ]
