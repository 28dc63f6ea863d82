"""Repositories and their files, through the real client."""

import hashlib

import pytest
from hub_server import HubServer

from desktop.core.hub_model import HubFault, HubRepository
from desktop.hub.api import open_repository
from desktop.hub.fault import HubError

CARD = b"""---
license: mit
---
# Tiny

Tiny is a **small** [model](https://x.example) that was made for tests and for nothing else.
"""


def opened(server: HubServer, *files: str, sizes: dict[str, int] | None = None) -> HubRepository:
    contents = {name: b"G" * (sizes or {}).get(name, 8) for name in files}
    server.add_repository("o/r", contents, parameters=64)
    return open_repository("o/r")


def refusal(repo: str) -> HubFault:
    with pytest.raises(HubError) as caught:
        open_repository(repo)
    return caught.value.refusal.fault


def test_a_repository_is_opened_with_its_files_in_two_requests(server):
    shelved = server.add_repository(
        "o/r",
        {
            "README.md": CARD,
            "m.Q8_0.gguf": b"G" * 68,
            "m.Q4_K_M.gguf": b"G" * 36,
            "config.json": b"{}",
        },
        parameters=64,
        base_models=("meta/Model",),
        license="mit",
    )
    repository = open_repository("o/r")
    assert repository.revision == shelved.commit
    assert repository.base_models == ("meta/Model",)
    assert repository.summary.license == "mit"
    assert [file.path for file in repository.files] == ["m.Q4_K_M.gguf", "m.Q8_0.gguf"]
    small = repository.files[0]
    assert (small.repo, small.revision) == ("o/r", shelved.commit)
    assert (small.quantization, small.size_bytes, small.bits_per_weight) == ("Q4_K_M", 36, 4.5)
    assert small.parts[0].sha256 == hashlib.sha256(b"G" * 36).hexdigest()
    words = "Tiny is a small model that was made for tests and for nothing else."
    assert repository.description == words
    assert server.paths() == [
        "GET /api/models/o/r",
        f"GET /o/r/resolve/{shelved.commit}/README.md",
    ]


def test_the_parts_of_a_split_model_are_one_file(server):
    names = [f"Q4_K_M/big-Q4_K_M-{number:05}-of-00003.gguf" for number in (2, 3, 1)]
    [file] = opened(server, *names).files
    assert [part.path for part in file.parts] == sorted(names)
    assert file.path == sorted(names)[0]
    assert file.size_bytes == 24
    assert file.bits_per_weight == 3.0


def test_equal_names_in_two_folders_are_two_models(server):
    names = [
        f"{folder}/m-{number:05}-of-00002.gguf" for folder in ("Q4_0", "Q8_0") for number in (1, 2)
    ]
    files = opened(server, *names).files
    assert [file.quantization for file in files] == ["Q4_0", "Q8_0"]
    assert [len(file.parts) for file in files] == [2, 2]


def test_a_split_model_that_lacks_a_part_is_left_out(server):
    files = opened(server, "m-00001-of-00003.gguf", "m-00003-of-00003.gguf", "other.gguf").files
    assert [file.path for file in files] == ["other.gguf"]


def test_projectors_are_set_apart_and_what_is_no_model_is_left_out(server):
    repository = opened(server, "m-Q4_0.gguf", "mmproj-m-f16.gguf", "m-imatrix.gguf", "m.bin")
    assert [file.path for file in repository.files] == ["m-Q4_0.gguf"]
    [projector] = repository.projectors
    assert (projector.path, projector.quantization) == ("mmproj-m-f16.gguf", "F16")
    assert projector.bits_per_weight is None


def test_a_repository_without_models_has_no_files(server):
    server.add_repository("o/r", {"model.safetensors": b"x"})
    assert open_repository("o/r").files == ()


@pytest.mark.parametrize(
    "name",
    [
        "../m.gguf",
        "a/../../m.gguf",
        "/etc/m.gguf",
        "a//m.gguf",
        "a\\m.gguf",
        "C:m.gguf",
        "a\x00.gguf",
        "a\n.gguf",
        ".. /m.gguf",
    ],
)
def test_a_name_that_leads_elsewhere_refuses_the_repository(server, name):
    server.add_repository("o/r", {name: b"GGUF", "fine.gguf": b"GGUF"})
    assert refusal("o/r") is HubFault.SERVER


@pytest.mark.parametrize(
    "repo", ["", "o", "o/r/x", "../x", "https://huggingface.co/o/r", "o/r?a=b"]
)
def test_what_is_no_name_is_not_asked_for(server, repo):
    assert refusal(repo) is HubFault.GONE
    assert server.requests == []


def test_a_repository_that_is_not_there_is_gone(server):
    assert refusal("o/other") is HubFault.GONE


def test_a_repository_opens_even_if_its_card_does_not(server):
    server.add_repository("o/r", {"README.md": b"\xff\xfe", "m.gguf": b"GGUF"}, gated=True)
    repository = open_repository("o/r")
    assert repository.description == ""
    assert repository.summary.is_gated
    assert len(repository.files) == 1
