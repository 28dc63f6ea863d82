import json
from pathlib import Path

import pytest
import tiny_gguf

from desktop.storage.model_file import inspect_file
from desktop.storage.model_source import license_of, promised_sha256

SUM = "ab" * 32


def note(path: Path, content: object) -> None:
    path.with_name(f"{path.name}.source.json").write_text(json.dumps(content))


def test_a_download_says_licence_and_hash(tmp_path: Path):
    path = tmp_path / "m.gguf"
    note(path, {"repo": "a/b", "sha256": SUM, "license": "mit", "fetched_at": "2026-01-01"})
    assert license_of(path) == "mit"
    assert promised_sha256([path]) == (SUM,)


@pytest.mark.parametrize("content", [[], {"sha256": 5}, {"sha256": "none"}, {}])
def test_a_note_that_makes_no_sense_promises_nothing(tmp_path: Path, content: object):
    path = tmp_path / "m.gguf"
    note(path, content)
    assert promised_sha256([path]) == ()
    assert license_of(path) == ""


def test_without_a_note_nothing_is_known(tmp_path: Path):
    assert license_of(tmp_path / "m.gguf") == ""
    assert promised_sha256([tmp_path / "m.gguf"]) == ()


def test_the_hash_of_one_part_is_not_enough(tmp_path: Path):
    parts = [tmp_path / "one.gguf", tmp_path / "two.gguf"]
    note(parts[0], {"sha256": SUM})
    assert promised_sha256(parts) == ()
    note(parts[1], {"sha256": SUM})
    assert promised_sha256(parts) == (SUM, SUM)


def test_names_that_are_hashes_are_believed(tmp_path: Path):
    assert promised_sha256([tmp_path / f"sha256-{SUM}"]) == (SUM,)
    link = tmp_path / "m.gguf"
    link.symlink_to(tmp_path / "blobs" / SUM)
    assert promised_sha256([link]) == (SUM,)


def test_a_licence_that_the_file_states_goes_before_the_note(tmp_path: Path):
    stated, silent = tiny_gguf.llama(), tiny_gguf.llama()
    del silent.values["general.license"]
    for name, model in (("stated", stated), ("silent", silent)):
        path = tmp_path / f"{name}.gguf"
        path.write_bytes(model.whole())
        note(path, {"license": "apache-2.0"})
    licenses = [inspect_file(tmp_path / f"{name}.gguf")[0].license for name in ("stated", "silent")]
    assert licenses == ["mit", "apache-2.0"]
