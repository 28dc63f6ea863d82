import json
import os
from pathlib import Path

import pytest
import tiny_gguf

from desktop.core.library import ForeignPlace
from desktop.core.local_model import ModelOrigin
from desktop.storage import foreign_models
from desktop.storage.foreign_models import find_models, search_folder

DIGEST = "ab" * 32


def write(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(origin: ModelOrigin, folder: Path) -> dict[str, str]:
    """What is found in a place: paths below it, and names."""
    models = find_models([ForeignPlace(origin, str(folder))])
    assert all(model.origin is origin for model in models)
    return {Path(one.path).relative_to(folder).as_posix(): one.name for one in models}


@pytest.mark.parametrize("origin", [ModelOrigin.LM_STUDIO, ModelOrigin.GPT4ALL])
def test_plain_files_are_found_at_any_depth(tmp_path: Path, origin: ModelOrigin):
    write(tmp_path / "publisher" / "name" / "m.Q4_K_M.GGUF")
    write(tmp_path / "publisher" / "name" / "notes.txt")
    write(tmp_path / ".internal" / "hidden.gguf")
    write(tmp_path / "big-00001-of-00002.gguf")
    write(tmp_path / "big-00002-of-00002.gguf")
    assert found(origin, tmp_path) == {
        "publisher/name/m.Q4_K_M.GGUF": "",
        "big-00001-of-00002.gguf": "",
    }


def test_jans_models_are_named_by_their_folders(tmp_path: Path):
    write(tmp_path / "Qwen3-4B_Q4_K_M" / "model.gguf")
    write(tmp_path / "other" / "phi-4.gguf")
    assert found(ModelOrigin.JAN, tmp_path) == {
        "Qwen3-4B_Q4_K_M/model.gguf": "Qwen3 4B Q4 K M",
        "other/phi-4.gguf": "",
    }


def manifest(folder: Path, name: str, digest: str = f"sha256:{DIGEST}") -> None:
    layers = [
        {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:00", "size": 1},
        {"mediaType": "application/vnd.ollama.image.model", "digest": digest, "size": 5},
    ]
    content = {"schemaVersion": 2, "layers": layers}
    write(folder / "manifests" / name, json.dumps(content).encode())


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("registry.ollama.ai/library/llama3.2/1b", "llama3.2:1b"),
        ("registry.ollama.ai/library/llama3.2/latest", "llama3.2"),
        ("registry.ollama.ai/someone/tuned/q4", "someone/tuned:q4"),
        ("hf.co/owner/name/Q4_K_M", "hf.co/owner/name:Q4_K_M"),
    ],
)
def test_ollamas_blobs_have_the_names_of_their_manifests(tmp_path: Path, place: str, name: str):
    write(tmp_path / "blobs" / f"sha256-{DIGEST}", b"GGUF")
    manifest(tmp_path, place)
    assert found(ModelOrigin.OLLAMA, tmp_path) == {f"blobs/sha256-{DIGEST}": name}


@pytest.mark.parametrize(
    "digest", [f"sha256:{'cd' * 32}", "sha256:x/../../outside", "sha256:", "md5:00"]
)
def test_a_manifest_leads_nowhere_but_to_blobs_that_are_there(tmp_path: Path, digest: str):
    write(tmp_path / "blobs" / f"sha256-{DIGEST}", b"GGUF")
    write(tmp_path / "blobs" / "sha256-x" / "file")
    write(tmp_path / "outside", b"GGUF")
    manifest(tmp_path, "registry.ollama.ai/library/m/1", digest)
    write(tmp_path / "manifests" / "broken", b"{")
    write(tmp_path / "manifests" / "list", b"[]")
    assert found(ModelOrigin.OLLAMA, tmp_path) == {}


def snapshot(repository: Path, revision: str, name: str, age_ns: int) -> None:
    blob = write(repository / "blobs" / f"{revision}-{Path(name).name}", b"GGUF")
    link = repository / "snapshots" / revision / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(os.path.relpath(blob, link.parent))
    os.utime(repository / "snapshots" / revision, ns=(age_ns, age_ns))


def test_of_the_hub_cache_the_newest_snapshot_counts(tmp_path: Path):
    repository = tmp_path / "models--owner--name"
    snapshot(repository, "old", "m.gguf", 10**18)
    snapshot(repository, "new", "m.gguf", 2 * 10**18)
    snapshot(repository, "old", "deep/only-old.gguf", 10**18)
    write(tmp_path / "datasets--owner--set" / "snapshots" / "x" / "m.gguf")
    assert found(ModelOrigin.HUB_CACHE, tmp_path) == {
        "models--owner--name/snapshots/new/m.gguf": "",
        "models--owner--name/snapshots/old/deep/only-old.gguf": "",
    }


def test_a_link_to_a_blob_that_was_deleted_is_no_model(tmp_path: Path):
    repository = tmp_path / "models--owner--name"
    snapshot(repository, "new", "m.gguf", 10**18)
    (repository / "blobs" / "new-m.gguf").unlink()
    assert found(ModelOrigin.HUB_CACHE, tmp_path) == {}


@pytest.mark.parametrize(
    "origin", [one for one in ModelOrigin if one not in {ModelOrigin.HEFT, ModelOrigin.ADDED}]
)
def test_a_place_that_is_not_there_has_no_models(tmp_path: Path, origin: ModelOrigin):
    assert found(origin, tmp_path / "none") == {}
    write(tmp_path / "file")
    assert found(origin, tmp_path / "file") == {}


def test_a_file_is_named_once_whatever_leads_to_it(tmp_path: Path):
    write(tmp_path / "real" / "m.gguf")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    places = [
        ForeignPlace(ModelOrigin.LM_STUDIO, str(tmp_path / "link")),
        ForeignPlace(ModelOrigin.GPT4ALL, str(tmp_path / "real")),
    ]
    (model,) = find_models(places)
    assert (model.path, model.origin) == (
        str(tmp_path / "real" / "m.gguf"),
        ModelOrigin.LM_STUDIO,
    )


def test_the_search_of_a_place_ends(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(foreign_models, "FOLDER_LIMIT", 3)
    for number in range(5):
        write(tmp_path / f"{number}" / "m.gguf", tiny_gguf.llama().whole())
    assert len(found(ModelOrigin.LM_STUDIO, tmp_path)) == 2
    paths, is_whole = search_folder(tmp_path)
    assert (len(paths), is_whole) == (2, False)


def test_a_search_goes_down_to_a_depth(tmp_path: Path):
    deep = tmp_path.joinpath(*"abcdef")
    write(deep / "m.gguf")
    write(deep / "g" / "too-deep.gguf")
    assert found(ModelOrigin.LM_STUDIO, tmp_path) == {"a/b/c/d/e/f/m.gguf": ""}


def test_a_folder_gives_the_models_that_can_chat(tmp_path: Path):
    good = write(tmp_path / "deep" / "good.gguf", tiny_gguf.llama().whole())
    write(tmp_path / "page.gguf", b"<html>")
    assert search_folder(tmp_path) == ((good,), True)
