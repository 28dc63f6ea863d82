"""One window for one data folder, with real processes where it matters."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import instance
import pytest
from PySide6.QtNetwork import QLocalSocket

import desktop
from desktop.services.single_instance import SingleInstance

Open = Callable[[Path], SingleInstance]
Start = Callable[[], subprocess.Popen]


@pytest.fixture
def open_instance(qapp) -> Iterator[Open]:
    opened: list[SingleInstance] = []

    def open_instance(folder: Path) -> SingleInstance:
        folder.mkdir(exist_ok=True)
        opened.append(SingleInstance(folder))
        return opened[-1]

    yield open_instance
    for one in opened:
        one.release()


@pytest.fixture
def start(tmp_path) -> Iterator[Start]:
    """Start another process on the data folder and wait until it is about to ask."""
    started: list[subprocess.Popen] = []
    environment = os.environ | {"PYTHONPATH": str(Path(desktop.__file__).parents[1])}

    def start() -> subprocess.Popen:
        started.append(
            subprocess.Popen(
                [sys.executable, instance.__file__, str(tmp_path)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        assert started[-1].stdout.readline() == b"ready\n"
        return started[-1]

    yield start
    for process in started:
        with process:
            process.kill()


def go(process: subprocess.Popen) -> None:
    process.stdin.write(b"\n")
    process.stdin.flush()


def outcome(process: subprocess.Popen) -> str:
    return process.stdout.readline().decode().strip()


def test_only_one_can_be_first(open_instance: Open, tmp_path):
    first, second = open_instance(tmp_path), open_instance(tmp_path)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()


def test_two_data_folders_have_nothing_to_do_with_each_other(qtbot, open_instance: Open, tmp_path):
    one, other = open_instance(tmp_path / "one"), open_instance(tmp_path / "other")
    assert one.acquire()
    assert other.acquire()
    with (
        qtbot.assertNotEmitted(one.activated),
        qtbot.waitSignal(other.activated),
    ):
        assert open_instance(tmp_path / "other").hand_over(())


def test_a_folder_is_the_same_by_any_name(open_instance: Open, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert open_instance(tmp_path / "data").acquire()
    second = open_instance(tmp_path / "link")
    assert not second.acquire()
    assert second.hand_over(())


def test_a_second_start_shows_the_first_window_and_hands_over_its_files(
    qtbot, open_instance: Open, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    first, second = open_instance(tmp_path), open_instance(tmp_path)
    assert first.acquire()
    with qtbot.waitSignal(first.activated) as activated:
        assert second.hand_over((Path("model.gguf"), tmp_path / "naïve name.gguf"))
    assert activated.args == [(tmp_path / "model.gguf", tmp_path / "naïve name.gguf")]


def test_every_start_is_heard(qtbot, open_instance: Open, tmp_path):
    first = open_instance(tmp_path)
    assert first.acquire()
    heard = []
    first.activated.connect(heard.append)
    for number in range(5):
        assert open_instance(tmp_path).hand_over((Path(f"/{number}"),))
    qtbot.waitUntil(lambda: len(heard) == 5)
    assert sorted(heard) == [(Path(f"/{number}"),) for number in range(5)]


@pytest.mark.slow
def test_without_a_first_nobody_hears(open_instance: Open, tmp_path):
    assert not open_instance(tmp_path).hand_over(())


def test_rubbish_at_the_door_is_ignored(qtbot, open_instance: Open, tmp_path):
    first = open_instance(tmp_path)
    assert first.acquire()
    with qtbot.waitSignal(first.activated) as activated:
        for rubbish in (b"", b"{", b'{"a": 1}', b"[1, 2]", b"\xff\x00"):
            socket = QLocalSocket()
            socket.connectToServer(first._server.fullServerName())
            assert socket.waitForConnected(1000)
            socket.write(rubbish)
            socket.flush()
            socket.disconnectFromServer()
        assert open_instance(tmp_path).hand_over((Path("/model.gguf"),))
    assert activated.args == [(Path("/model.gguf"),)]


@pytest.mark.slow
def test_after_the_first_was_killed_the_next_start_is_first(
    qtbot, open_instance: Open, start: Start, tmp_path
):
    killed = start()
    go(killed)
    assert outcome(killed) == "first"
    heir = open_instance(tmp_path)
    assert not heir.acquire()
    killed.kill()
    killed.wait()
    assert heir.acquire()
    with qtbot.waitSignal(heir.activated):
        assert open_instance(tmp_path).hand_over(())


@pytest.mark.slow
def test_of_many_starts_at_once_one_is_first_and_hears_all_others(start: Start):
    # What a killed one left behind is in the way of all of them.
    killed = start()
    go(killed)
    assert outcome(killed) == "first"
    killed.kill()
    processes = [start() for _ in range(20)]
    for process in processes:
        go(process)
    outcomes = sorted(outcome(process) for process in processes)
    assert outcomes == ["first", *["handed over"] * 19]
