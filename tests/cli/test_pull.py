"""`heft pull`, against a Hub on this machine."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import Faults, HubServer
from served_model import model_bytes

from desktop.core.settings import Settings
from desktop.storage.settings_store import SettingsStore

BODY = model_bytes(1_000_000)
OTHER = model_bytes(600_000, seed=2)


@pytest.fixture
def server(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with HubServer() as server:
        for name, value in server.variables(data_dir / "hub").items():
            monkeypatch.setenv(name, value)
        files = {"q/tiny.Q4_0.gguf": BODY, "tiny.Q8_0.gguf": OTHER}
        server.add_repository("ann/Tiny-GGUF", files, license="mit", parameters=1_000_000)
        yield server


@pytest.mark.parametrize(
    "model",
    [
        "ann/Tiny-GGUF/TINY.q4_0.gguf",
        "https://huggingface.co/ann/Tiny-GGUF/blob/main/q/tiny.Q4_0.gguf",
    ],
)
def test_a_model_is_downloaded_to_the_model_folder(heft, server, data_dir, model):
    answer = heft("pull", model)
    assert answer.returncode == 0, answer.stderr
    assert "Downloaded and verified (1 MB in" in answer.stdout.replace("1000 kB", "1 MB")
    path = data_dir / "models" / "ann--Tiny-GGUF" / "tiny.Q4_0.gguf"
    assert path.read_bytes() == BODY


@pytest.mark.slow
def test_a_model_that_is_there_is_said_to_be(heft, server):
    heft("pull", "ann/Tiny-GGUF/Q4_0")
    assert "It is there already" in heft("pull", "ann/Tiny-GGUF/Q4_0").stdout


def test_the_object_says_what_was_fetched(heft, server, data_dir):
    answer = heft("pull", "ann/Tiny-GGUF/Q8_0", "--json")
    known = json.loads(answer.stdout)
    assert known.pop("seconds") > 0
    file = server.shelf.repositories["ann/Tiny-GGUF"].files["tiny.Q8_0.gguf"]
    part = {"path": "tiny.Q8_0.gguf", "size_bytes": len(OTHER), "sha256": file.sha256}
    assert known == {
        "path": str(data_dir / "models" / "ann--Tiny-GGUF" / "tiny.Q8_0.gguf"),
        "repo": "ann/Tiny-GGUF",
        "revision": server.shelf.repositories["ann/Tiny-GGUF"].commit,
        "size_bytes": len(OTHER),
        "sha256": file.sha256,
        "parts": [part],
        "fetched_bytes": len(OTHER),
    }


@pytest.mark.slow
def test_a_repository_alone_is_listed(heft, server, data_dir):
    answer = heft("pull", "ann/Tiny-GGUF")
    assert "600 kB  ann/Tiny-GGUF/tiny.Q8_0.gguf" in answer.stdout
    assert "ann/Tiny-GGUF/q/tiny.Q4_0.gguf" in answer.stdout
    listed = json.loads(heft("pull", "ann/Tiny-GGUF", "--json").stdout)
    assert {file["size_bytes"] for file in listed["files"]} == {len(BODY), len(OTHER)}
    assert not list((data_dir / "models").rglob("*.gguf"))


def test_a_file_that_is_not_there_is_told_of_with_those_that_are(heft, server):
    answer = heft("pull", "ann/Tiny-GGUF/nothing.gguf")
    assert answer.returncode == 1
    assert "There is no such file" in answer.stderr
    assert "q/tiny.Q4_0.gguf" in answer.stderr


def test_a_name_that_is_none_is_told_of(heft, server):
    answer = heft("pull", "tiny")
    assert answer.returncode == 2
    assert "OWNER/NAME" in answer.stderr


def test_an_older_version_is_not_taken_for_the_newest(heft, server):
    address = f"https://huggingface.co/ann/Tiny-GGUF/blob/{'c' * 40}/tiny.Q8_0.gguf"
    answer = heft("pull", address)
    assert answer.returncode == 1
    assert "newest" in answer.stderr


def test_a_download_goes_to_the_folder_that_was_chosen(heft, server, data_dir, tmp_path):
    data_dir.mkdir()
    store = SettingsStore(data_dir / "settings.toml")
    store.save(Settings(models_folder=tmp_path / "big-disk"))
    assert heft("pull", "ann/Tiny-GGUF/Q8_0").returncode == 0
    assert (tmp_path / "big-disk" / "ann--Tiny-GGUF" / "tiny.Q8_0.gguf").read_bytes() == OTHER


@pytest.mark.slow
def test_ctrl_c_keeps_what_came_and_says_how_to_go_on(heft, server):
    server.faults = Faults(bytes_per_s=200_000)
    command = [sys.executable, "-m", "desktop", "pull", "ann/Tiny-GGUF/Q4_0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while server.bytes_sent < 200_000 and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        words = process.stderr.read()
    assert process.returncode == 130
    assert "Stopped at" in words
    assert "heft pull ann/Tiny-GGUF/q/tiny.Q4_0.gguf" in words
    server.faults = Faults()
    known = json.loads(heft("pull", "ann/Tiny-GGUF/Q4_0", "--json").stdout)
    assert 0 < known["fetched_bytes"] < len(BODY) - 100_000
