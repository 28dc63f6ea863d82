from pathlib import Path

import pytest

from desktop.core.local_model import display_name


@pytest.mark.parametrize(
    ("file", "quantization", "name"),
    [
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "Q4_1", "SmolLM2 135M Instruct"),
        ("gemma-3-270m-it-q8_0.gguf", "Q8_0", "gemma 3 270m it"),
        ("Qwen3-8B-Q4_K_M.gguf", "Q4_K_M", "Qwen3 8B"),
        ("Qwen3-8B-Q4_K_M.gguf", "", "Qwen3 8B Q4 K M"),
        ("Big-Q8_0-00001-of-00003.gguf", "Q8_0", "Big"),
        ("Out-of-Africa.gguf", "", "Out of Africa"),
        ("Q8_0.gguf", "Q8_0", "Q8 0"),
        ("plain", "", "plain"),
        ("---.gguf", "", "---.gguf"),
    ],
)
def test_a_model_is_named_after_its_file(file: str, quantization: str, name: str) -> None:
    assert display_name(Path("/models") / file, quantization) == name
