"""`heft weigh` and `heft test-drive`: on files, on a Hub on this machine, and on traps."""

import json
import sys
from pathlib import Path

import pytest
from hub_server import HubServer
from synthetic_model import Shape, write_synthetic_model, write_treacherous_model

REPO, NAME = "o/Model-GGUF", "model.gguf"
pytestmark = pytest.mark.slow

KEYS = [
    "weights_bytes",
    "context_bytes",
    "compute_bytes",
    "total_bytes",
    "header_bytes_fetched",
    "requests",
    "verdict",
    "max_context",
    "estimated_tokens_per_s",
]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    shape = Shape(layers=1, embedding=128, feed_forward=256, context_length=4096)
    return write_synthetic_model(tmp_path / NAME, shape)


@pytest.fixture
def server(data_dir: Path, model: Path, monkeypatch):
    with HubServer() as server:
        for name, value in server.variables(data_dir / "hub").items():
            monkeypatch.setenv(name, value)
        server.add_repository(REPO, {NAME: model.read_bytes()})
        yield server


def test_a_file_is_weighed_at_the_wanted_context(heft, model):
    short, long = (
        json.loads(heft("weigh", str(model), "--context", tokens, "--json").stdout)
        for tokens in ("512", "2048")
    )
    assert list(short) == KEYS
    assert long["context_bytes"] == pytest.approx(4 * short["context_bytes"], rel=0.1)
    parts = short["weights_bytes"] + short["context_bytes"] + short["compute_bytes"]
    assert short["total_bytes"] > parts
    assert short["requests"] == short["header_bytes_fetched"] == 0
    assert short["verdict"].startswith("Fits easily (")
    assert short["max_context"] == 4096
    assert short["estimated_tokens_per_s"] > 0


def test_packed_keys_and_values_are_smaller(heft, model):
    plain, packed = (
        json.loads(heft("weigh", str(model), "--kv", kv, "--json").stdout) for kv in ("f16", "q8_0")
    )
    assert packed["context_bytes"] == pytest.approx(plain["context_bytes"] * 17 / 32, rel=0.01)


def test_a_model_on_the_hub_is_weighed_by_its_header(heft, server, model):
    local = json.loads(heft("weigh", str(model), "--json").stdout)
    address = f"https://huggingface.co/{REPO}/blob/main/{NAME}"
    remote = json.loads(heft("weigh", address, "--json").stdout)
    assert remote["requests"] == len(server.requests) <= 3
    assert 0 < remote["header_bytes_fetched"] == server.bytes_sent
    for key in ("weights_bytes", "context_bytes", "compute_bytes", "max_context"):
        assert remote[key] == local[key]


def test_figures_are_written_for_people_too(heft, server):
    finished = heft("weigh", f"{REPO}/{NAME}")
    assert finished.returncode == 0, finished.stderr
    rows = dict(line.split("  ", 1) for line in finished.stdout.splitlines())
    assert "4,096 tokens, f16" in rows["Context"]
    assert rows["Verdict"].strip().startswith("Fits easily (")
    assert rows["Speed"].endswith("tokens/s (estimated)")
    assert "of header in 2 requests" in rows["Fetched"]


def test_a_model_on_the_hub_is_driven(heft, server, data_dir):
    finished = heft("test-drive", f"{REPO}/{NAME}")
    assert finished.returncode == 0, finished.stderr
    for words in ("Prompt", "Answer after 0 tokens", "Answer after 1,024 tokens", "cannot know"):
        assert words in finished.stdout
    assert list((data_dir / "cache" / "twins").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="tells the end by a signal")
def test_a_trap_is_told_in_words(heft, tmp_path):
    path = write_treacherous_model(tmp_path / "trap.gguf")
    finished = heft("weigh", str(path))
    assert finished.returncode == 1
    assert "Error: The model could not be tried out" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_file_is_driven_itself(heft, model):
    drive = json.loads(heft("test-drive", str(model), "--json").stdout)
    assert drive["prompt_tokens_per_s"] > 0
    assert [speed["depth_tokens"] for speed in drive["decode"]] == [0, 1024]
    assert drive["twin_disk_bytes"] == 0


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("nothing.gguf", "neither a file nor OWNER/NAME/FILE"),
        (REPO, "neither a file nor OWNER/NAME/FILE"),
        (f"{REPO}/other.gguf", "Error:"),
    ],
)
def test_what_is_not_there_is_said(heft, server, wanted, words):
    finished = heft("weigh", wanted)
    assert finished.returncode != 0
    assert words in finished.stderr
