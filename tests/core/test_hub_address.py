"""Addresses on the Hub as people type and paste them."""

import pytest

from desktop.core.hub_address import HubAddress, parse_hub_address

REPO = "bartowski/Meta-Llama-3-8B-Instruct-GGUF"
FILE = "Meta-Llama-3-8B-Instruct-Q4_K_M.gguf"


@pytest.mark.parametrize(
    "text",
    [
        REPO,
        f"  {REPO}/ ",
        f"https://huggingface.co/{REPO}",
        f"https://huggingface.co/{REPO}/tree/main",
        f"https://hf-mirror.com/{REPO}?show=files#readme",
        f"hf.co/{REPO}",
        f"hf://{REPO}",
    ],
)
def test_a_repository_is_recognised(text: str) -> None:
    address = parse_hub_address(text)
    assert address is not None
    assert (address.repo, address.path) == (REPO, "")


@pytest.mark.parametrize(
    ("text", "revision"),
    [
        (f"{REPO}/{FILE}", ""),
        (f"https://huggingface.co/{REPO}/blob/main/{FILE}", "main"),
        (f"https://huggingface.co/{REPO}/resolve/0123abc/{FILE}?download=true", "0123abc"),
        (f"huggingface.co/{REPO}/blob/main/{FILE}", "main"),
    ],
)
def test_a_file_is_recognised_with_its_revision(text: str, revision: str) -> None:
    assert parse_hub_address(text) == HubAddress(REPO, FILE, revision)


def test_a_file_in_a_folder_keeps_its_folder() -> None:
    assert parse_hub_address("a/b/Q4_K_M/c d.gguf") == HubAddress("a/b", "Q4_K_M/c d.gguf")
    pasted = parse_hub_address("https://huggingface.co/a/b/blob/main/Q4_K_M/c%20d.gguf")
    assert pasted == HubAddress("a/b", "Q4_K_M/c d.gguf", "main")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "small llama",
        "llama",
        "/owner/name",
        "owner/",
        "owner/na me",
        "a/b/../../etc/passwd",
        "file:///etc/passwd",
        "ftp://huggingface.co/a/b",
        "https://huggingface.co/only-owner",
        "a--b/c",
        "a/b.git",
    ],
)
def test_other_text_is_no_address(text: str) -> None:
    assert parse_hub_address(text) is None
