"""The whole app on a temporary data folder, and somebody who uses it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from child_processes import workers
from hub_server import HubServer
from models_user import ModelsUser
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from running_app import RunningApp
from tiny_model import write_tiny_model
from window_user import WindowUser

from desktop.app import App
from desktop.core.window_options import WindowOptions
from desktop.storage.paths import Paths
from desktop.ui.theme import install_fonts

LIMIT_MS = 60_000
"""What is under test takes a second or two; a machine with other work gets more time."""
SIZE_PX = (1280, 800)


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    """The application with the looks it has when Heft is started."""
    font = qapp.font()
    qapp.setStyle("Fusion")
    install_fonts(qapp)
    # Tests go on after the last window.
    qapp.setQuitOnLastWindowClosed(False)
    yield qapp
    qapp.setQuitOnLastWindowClosed(True)
    qapp.setFont(font)
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


@pytest.fixture
def paths(data_dir: Path) -> Paths:
    """The folders of an app that was never started."""
    paths = Paths.default(data_dir)
    paths.create()
    return paths


@pytest.fixture
def wait_for(qtbot) -> Callable[[Callable[[], object]], None]:
    """Go on when something can be seen; fail after a time that no healthy machine needs."""

    def wait_for(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=LIMIT_MS)

    return wait_for


@pytest.fixture
def close() -> Callable[[WindowUser], None]:
    """Close a window and see that its engine is gone with it."""

    def close(user: WindowUser) -> None:
        user.window.close()
        assert not user.window.isVisible()
        assert workers() == []

    return close


@pytest.fixture
def start(application, paths, qtbot, close) -> Iterator[Callable[..., WindowUser]]:
    """Start Heft and sit down at its window; at the end nothing may be left of it."""
    apps: list[App] = []

    def start(**options: object) -> WindowUser:
        app = App(paths, WindowOptions(**{"data_dir": None, "model": None, "files": ()} | options))
        apps.append(app)
        app.open()
        app.window.resize(*SIZE_PX)
        app.window.activateWindow()
        qtbot.waitUntil(app.window.isActiveWindow, timeout=LIMIT_MS)
        return WindowUser(app.window)

    yield start
    for app in apps:
        if app.window.isVisible():
            close(WindowUser(app.window))
        app.window.deleteLater()
        app.deleteLater()


@pytest.fixture
def add_starter(paths, starter_model) -> Callable[[], Path]:
    """Put the model that comes with the app into the model folder."""

    def add_starter() -> Path:
        place = paths.models / starter_model.name
        place.symlink_to(starter_model)
        return place

    return add_starter


@pytest.fixture
def greeter(paths) -> Path:
    """A model that says the same few words to everything."""
    return write_tiny_model(paths.models / "Greeter.gguf", answer=["Good", " morning", "."])


@pytest.fixture
def run_app(data_dir: Path) -> Iterator[Callable[..., RunningApp]]:
    """Start Heft in a process of its own."""
    apps: list[RunningApp] = []

    def run_app(*arguments: str, **options: Sequence[str]) -> RunningApp:
        apps.append(RunningApp(data_dir, *arguments, **options))
        return apps[-1]

    yield run_app
    for app in apps:
        app.end()


@pytest.fixture
def talker(paths) -> Path:
    """A model that never comes to an end, and with its layers is no faster than most are."""
    return write_tiny_model(
        paths.models / "Talker.gguf",
        answer=[" la", " lu"],
        endless=True,
        layers=16,
        context_length=16_384,
    )


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A Hub on this machine, which Heft takes for the one there is."""
    with HubServer() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        monkeypatch.setenv("HEFT_LOOPBACK_HUB", "1")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub


@pytest.fixture
def go_to_models(hub, start, wait_for) -> Callable[..., ModelsUser]:
    """Start Heft and go to the models."""

    def go_to_models(tab: str, **options: object) -> ModelsUser:
        user = ModelsUser(start(**options).window)
        user.go()
        wait_for(lambda: user.window.models)
        user.open_tab(tab)
        return user

    return go_to_models
