"""`heft search` and `heft access`, against a Hub on this machine."""

import json
from pathlib import Path

import pytest
from hub_server import HubServer

from desktop.core.settings import Settings
from desktop.storage.settings_store import SettingsStore

ACCESS = "hf_secret_of_alice"


@pytest.fixture
def server(data_dir: Path, monkeypatch):
    with HubServer() as server:
        for name, value in server.variables(data_dir / "hub").items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        server.add_user(ACCESS, "alice")
        yield server


@pytest.fixture
def tiny(server: HubServer) -> None:
    server.add_repository(
        "ann/Tiny-1B-GGUF",
        {
            "README.md": b"Tiny was made for tests, and is of no use for anything else.",
            "tiny-Q4_0.gguf": b"G" * 5,
            "tiny-Q8_0-00001-of-00002.gguf": b"G" * 5,
            "tiny-Q8_0-00002-of-00002.gguf": b"G" * 5,
            "mmproj-tiny-F16.gguf": b"G" * 2,
        },
        parameters=1_000_000_000,
        license="mit",
        gated=True,
        downloads=12345,
    )


@pytest.mark.usefixtures("tiny")
def test_models_are_listed_with_their_class_and_licence(heft):
    told = heft("search", "tiny", "1b")
    assert told.returncode == 0
    heading, line = told.stdout.splitlines()
    assert heading.split() == ["Repository", "Parameters", "Class", "Licence", "Downloads"]
    assert line.split() == [
        *("ann/Tiny-1B-GGUF", "1B", "Small", "mit,", "to", "be", "accepted", "first", "12,345")
    ]


@pytest.mark.usefixtures("tiny")
def test_models_as_json(heft):
    [model] = json.loads(heft("search", "tiny", "--json").stdout)
    assert model["repo"] == "ann/Tiny-1B-GGUF"
    assert (model["parameters"], model["class"]) == (1_000_000_000, "small language model")
    assert (model["license"], model["is_gated"], model["downloads"]) == ("mit", True, 12345)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("words", ["ann/Tiny-1B-GGUF", "https://huggingface.co/ann/Tiny-1B-GGUF"])
def test_a_repository_is_shown_with_its_files(heft, words):
    told = heft("search", words)
    assert told.returncode == 0
    lines = [" ".join(line.split()) for line in told.stdout.splitlines()]
    assert lines[0] == "ann/Tiny-1B-GGUF, licence: mit, to be accepted first"
    assert lines[1] == "File Quantisation Bits per weight Size"
    assert lines[2] == "tiny-Q4_0.gguf Q4_0 0.0 0 kB"
    assert lines[3].endswith("in 2 parts")
    assert "vision projector" in lines[4]
    assert "heft pull" in lines[5]


@pytest.mark.usefixtures("tiny")
def test_the_card_is_shown_to_those_who_may_read_it(heft, monkeypatch, server):
    assert "made for tests" not in heft("search", "ann/Tiny-1B-GGUF").stdout
    server.shelf.repositories["ann/Tiny-1B-GGUF"].granted.add("alice")
    monkeypatch.setenv("HF_TOKEN", ACCESS)
    assert "made for tests" in heft("search", "ann/Tiny-1B-GGUF").stdout


@pytest.mark.usefixtures("tiny")
def test_a_repository_as_json(heft):
    repository = json.loads(heft("search", "ann/Tiny-1B-GGUF", "--json").stdout)
    assert len(repository["revision"]) == 40
    assert [file["quantization"] for file in repository["files"]] == ["Q4_0", "Q8_0"]
    assert [len(file["parts"]) for file in repository["files"]] == [1, 2]
    assert [file["path"] for file in repository["projectors"]] == ["mmproj-tiny-F16.gguf"]


def test_a_limit_reads_as_many_pages_as_it_takes(heft, server):
    for number in range(30):
        server.add_repository(f"o/m{number:02}", {"m.gguf": b"G"}, downloads=100 - number)
    models = json.loads(heft("search", "--limit", "25", "--json").stdout)
    assert [model["repo"] for model in models] == [f"o/m{number:02}" for number in range(25)]
    assert len(server.requests) == 2


def test_marks_in_what_others_wrote_are_shown_as_they_are(heft, server):
    server.add_repository("o/r", {"m.gguf": b"G"}, card={"license": "[red]a\x1b[31mb[/red]"})
    told = heft("search", "r")
    assert "[red]a[31mb[/red]" in told.stdout
    assert "\x1b" not in told.stdout


@pytest.mark.usefixtures("server")
def test_nothing_found_is_told(heft):
    told = heft("search", "nothing")
    assert (told.returncode, told.stdout) == (0, "The Hub has no such model in the GGUF format.\n")


def test_a_failure_is_told_in_words(heft, server):
    server.faults.is_portal = True
    told = heft("search", "x")
    assert told.returncode == 1
    assert "sign-in page" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_settings_choose_the_hub_and_whether_it_is_asked(heft, server, data_dir, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    store = SettingsStore(data_dir / "settings.toml")
    store.save(Settings(hub_endpoint=server.endpoint))
    assert heft("search", "x").returncode == 0
    assert server.paths() == ["GET /api/models"]
    store.save(Settings(hub_endpoint=server.endpoint, is_offline=True))
    told = heft("search", "x")
    assert told.returncode == 1
    assert "offline by choice" in told.stderr
    assert len(server.requests) == 1


@pytest.mark.usefixtures("server")
def test_a_token_is_kept_shown_and_forgotten(heft, data_dir):
    assert "No access token" in heft("access").stdout
    kept = heft("access", "--token-stdin", stdin=f"{ACCESS}\n")
    assert (kept.returncode, kept.stdout) == (0, "The Hub knows you as alice.\n")
    assert (data_dir / "hub" / "token").read_text() == ACCESS
    assert heft("access").stdout == "The Hub knows you as alice.\n"
    assert heft("access", "--forget").stdout == "The access token is forgotten.\n"
    assert not (data_dir / "hub" / "token").exists()


@pytest.mark.usefixtures("server")
def test_a_token_that_is_not_known_is_refused(heft, data_dir):
    told = heft("access", "--token-stdin", stdin="hf_wrong\n")
    assert told.returncode == 1
    assert "does not know" in told.stderr
    assert "hf_wrong" not in told.stderr
    assert not (data_dir / "hub" / "token").exists()
