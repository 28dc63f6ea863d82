"""Filling in the catalogue from the Hub, here one on this machine."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_server import HubServer
from places import PACKAGING

SCRIPT = PACKAGING / "refresh_catalogue.py"
REPO, FILE = "someone/tiny-GGUF", "tiny-Q4_0.gguf"
CONTENT = b"GGUF" + bytes(5000)


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer() as server:
        yield server


def entry(id_: str, file: str, **changes: object) -> dict[str, Any]:
    facts = {"file_bytes": 4000, "weights_bytes": 4000, "active_weights_bytes": 3000}
    known = {
        "id": id_,
        "name": "Tiny ü",
        "repo": REPO,
        "file": file,
        "revision": "",
        "size_bytes": 4000,
        "is_size_exact": False,
        "sha256": "",
        "license": "lfm1.0",
        "facts": facts | {"license": "lfm1.0"},
    }
    return known | changes


def write(path: Path, *entries: dict[str, Any]) -> bytes:
    path.write_text(json.dumps({"entries": list(entries)}, ensure_ascii=False), "utf-8")
    return path.read_bytes()


def run(hub: HubServer, catalogue: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(catalogue)],
        env=os.environ | hub.variables(catalogue.parent / "hub"),
        capture_output=True,
        text=True,
        check=False,
    )


def read(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8"))["entries"]


@pytest.mark.slow
def test_what_the_hub_knows_is_filled_in_and_a_second_run_changes_nothing(
    hub: HubServer, tmp_path: Path
) -> None:
    shelved = hub.add_repository(REPO, {FILE: CONTENT}, license="apache-2.0")
    path = tmp_path / "catalogue.json"
    hosted = entry("hosted", "", repo="", size_bytes=0, facts=None)
    write(path, entry("tiny", FILE), hosted)
    answer = run(hub, path)
    assert answer.returncode == 0, answer.stderr
    filled, untouched = read(path)
    assert filled["size_bytes"] == len(CONTENT)
    assert filled["is_size_exact"] is True
    assert filled["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert filled["revision"] == shelved.commit
    assert filled["license"] == filled["facts"]["license"] == "apache-2.0"
    assert filled["facts"]["file_bytes"] == filled["facts"]["weights_bytes"] == len(CONTENT)
    assert filled["facts"]["active_weights_bytes"] == len(CONTENT) * 3 // 4
    assert untouched == hosted
    before = path.read_bytes()
    assert "Tiny ü".encode() in before
    assert run(hub, path).returncode == 0
    assert path.read_bytes() == before


@pytest.mark.slow
def test_every_missing_file_is_named_and_nothing_is_changed(hub: HubServer, tmp_path: Path) -> None:
    hub.add_repository(REPO, {FILE: CONTENT}, license="other")
    path = tmp_path / "catalogue.json"
    before = write(
        path,
        entry("tiny", FILE),
        entry("renamed", "tiny-Q4_1.gguf"),
        entry("gone", "gone.gguf", repo="someone/gone-GGUF"),
    )
    answer = run(hub, path)
    assert answer.returncode == 1
    assert f"{REPO}/tiny-Q4_1.gguf" in answer.stderr
    assert "someone/gone-GGUF/gone.gguf" in answer.stderr
    assert FILE not in answer.stderr
    assert path.read_bytes() == before


@pytest.mark.slow
def test_a_licence_without_a_short_name_on_the_hub_is_kept(hub: HubServer, tmp_path: Path) -> None:
    hub.add_repository(REPO, {FILE: CONTENT}, license="other")
    path = tmp_path / "catalogue.json"
    write(path, entry("tiny", FILE))
    assert run(hub, path).returncode == 0
    assert read(path)[0]["license"] == "lfm1.0"
