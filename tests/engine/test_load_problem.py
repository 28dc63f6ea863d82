from pathlib import Path

import pytest

from desktop.engine.load_problem import load_error

PATH = Path("/models/Some-7B.Q4_0.gguf")
PREFIX = "llama_model_load: error loading model: "
CAUSES = {
    "unknown model architecture: 'mamba9'": "does not know the architecture “mamba9”",
    "error loading model vocabulary: unknown pre-tokenizer type: 'smaug-x'": (
        "does not know the tokenizer “smaug-x”"
    ),
    "missing tensor 'blk.3.ffn_up.weight'": "The part “blk.3.ffn_up.weight” is missing",
    "tensor 'output.weight' data is not within the file bounds, model is corrupted or incomplete": (
        "The file ends before its data does"
    ),
    "error loading model hyperparameters: key not found in model: llama.block_count": (
        "The entry “llama.block_count” is missing"
    ),
    "unable to allocate CUDA0 buffer": "There is not enough memory for it",
}


@pytest.mark.parametrize("line", CAUSES)
def test_the_cause_is_told_in_words(line: str) -> None:
    log = ("llama_model_loader: loaded meta data", PREFIX + line, "failed to load model")
    problem = load_error(PATH, log).problem
    assert problem.title == "Some-7B.Q4_0.gguf could not be loaded"
    assert CAUSES[line] in problem.detail
    assert problem.next_step
    assert problem.log == log


def test_an_unknown_cause_points_to_the_log() -> None:
    problem = load_error(PATH, ("something new",)).problem
    assert "its own words are in the details" in problem.detail
    assert problem.log == ("something new",)
