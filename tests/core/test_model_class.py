import pytest

from desktop.core.model_class import (
    SMALL_BELOW_PARAMETERS,
    ClassVerdict,
    ModelClass,
    classify,
    parameters_in_name,
)

SMALL, LARGE = ModelClass.SMALL, ModelClass.LARGE


def verdict(parameters: int, name: str, active_parameters: int = 0) -> ClassVerdict:
    found = classify(parameters, name, active_parameters)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("parameters", "name", "expected"),
    [
        (134_515_008, "SmolLM2 135M", SMALL),
        (4_022_468_096, "Qwen3-4B", SMALL),
        (SMALL_BELOW_PARAMETERS - 1, "made up", SMALL),
        (SMALL_BELOW_PARAMETERS, "made up", LARGE),
        (6_738_415_616, "Llama-2-7B-Chat", LARGE),
        (7_248_023_552, "Mistral 7B Instruct v0.3", LARGE),
        (8_030_261_248, "Meta-Llama-3-8B-Instruct", LARGE),
    ],
)
def test_the_number_of_parameters_decides(parameters: int, name: str, expected: ModelClass):
    assert verdict(parameters, name).model_class is expected


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (6_738_440_192, "TheBloke/Orca-2-7B-GGUF"),
        (14_659_507_200, "bartowski/phi-4-GGUF"),
        (13_960_238_080, "Phi-3-medium-128k-instruct"),
        (8_000_000_000, "unsloth/gemma-4-E4B-it-GGUF"),
    ],
)
def test_makers_who_call_a_large_model_small_are_followed(parameters: int, name: str):
    found = verdict(parameters, name)
    assert found.model_class is SMALL
    assert "its makers call it small" in found.reason


@pytest.mark.parametrize(
    "name", ["dolphin-2.9-llama3-8b", "Phind-CodeLlama-34B", "orca_mini_v3_7b"]
)
def test_names_that_only_resemble_such_a_model_are_not_taken_for_it(name: str):
    assert verdict(8_000_000_000, name).model_class is LARGE


def test_the_reason_names_the_parameters_and_the_training():
    reason = verdict(1_777_088_000, "DeepSeek-R1-Distill-Qwen-1.5B").reason
    assert reason.startswith("1.8B parameters")
    assert "learned from the answers of a far larger model" in reason


def test_the_reason_names_the_parameters_that_work_on_a_token():
    assert "of which 3.6B work on each token" in verdict(20_914_757_184, "x", 3_610_000_000).reason
    assert "of which 3B work on each token" in verdict(30_532_122_624, "Qwen3-30B-A3B").reason


def test_a_dense_model_has_no_active_parameters_in_its_reason():
    assert "of which" not in verdict(4_000_000_000, "x", 4_000_000_000).reason


def test_without_a_number_the_name_tells_the_size_and_the_reason_says_so():
    found = verdict(0, "someone/Qwen3-4B-Instruct-GGUF")
    assert found.model_class is SMALL
    assert "4B parameters by its name" in found.reason


@pytest.mark.parametrize("name", ["GPT-4", "Microsoft Copilot"])
def test_hosted_systems_of_secret_size_are_large(name: str):
    found = verdict(0, name)
    assert found.model_class is LARGE
    assert "secret" in found.reason


def test_an_unknown_size_is_not_guessed():
    assert classify(0, "someone/a-model-GGUF") is None
    assert classify(0, "someone/gpt-4-distilled") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SmolLM2-135M-Instruct", 135_000_000),
        ("Qwen2.5 0.5B", 500_000_000),
        ("Mixtral-8x7B-Instruct", 56_000_000_000),
        ("Qwen3-30B-A3B", 30_000_000_000),
        ("TheBloke/Orca-2-7B-GGUF", 7_000_000_000),
        ("gemma-4-E4B-it", 0),
        ("model-4bit", 0),
        ("Meta-Llama-3.1", 0),
    ],
)
def test_a_size_in_a_name_is_read(name: str, expected: int):
    assert parameters_in_name(name) == expected
