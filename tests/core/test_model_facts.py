import io
from pathlib import Path

import pytest
import tiny_gguf

from desktop.core.gguf_header import read_header
from desktop.core.local_model import ModelFacts
from desktop.core.model_facts import facts_from_header


def facts(model: tiny_gguf.TinyGguf) -> ModelFacts:
    content = model.whole()
    return facts_from_header(read_header(io.BytesIO(content)), len(content))


def with_values(**values: object) -> tiny_gguf.TinyGguf:
    model = tiny_gguf.llama()
    for name, value in values.items():
        key = "llama." + name.replace("__", ".")
        if value is None:
            del model.values[key]
        else:
            model.values[key] = value
    return model


def test_the_facts_are_those_of_the_header():
    assert facts(tiny_gguf.llama()) == ModelFacts(
        architecture="llama",
        parameters=64 * 3 + 64 * 128 + 64 * 3,
        quantization="Q4_0",
        file_bytes=len(tiny_gguf.llama().whole()),
        weights_bytes=768 + 4608 + 768,
        context_limit_tokens=2048,
        kv_bytes_per_token=2 * 2 * (16 + 16) * 2,
        embedding_length=64,
        feed_forward_length=128,
        vocabulary_tokens=3,
        has_chat_template=True,
        license="mit",
        active_weights_bytes=4608 + 768,
    )


def test_what_the_header_does_not_say_is_zero_or_empty():
    model = tiny_gguf.TinyGguf({"general.architecture": "mamba"})
    found = facts(model)
    assert found.context_limit_tokens == 0
    assert found.kv_bytes_per_token == 0
    assert found.vocabulary_tokens == 0
    assert not found.has_chat_template
    assert found.license == ""


def test_the_vocabulary_is_counted_by_its_key_where_it_is_not_listed():
    model = with_values(vocab_size=500)
    del model.values["tokenizer.ggml.tokens"]
    assert facts(model).vocabulary_tokens == 500


@pytest.mark.parametrize(
    ("values", "elements_per_token"),
    [
        ({}, 2 * 2 * 32),
        ({"attention__head_count_kv": None}, 2 * 4 * 32),
        ({"attention__key_length": 20, "attention__value_length": 10}, 2 * 2 * 30),
        ({"attention__head_count_kv": [2, 0]}, 2 * 32),
        ({"attention__head_count_kv": [2, 4]}, 6 * 32),
        ({"attention__head_count_kv": 0}, 0),
        ({"attention__head_count": 0, "attention__head_count_kv": 0}, 0),
        ({"block_count": 8, "full_attention_interval": 4}, 2 * 2 * 32),
        (
            {
                "attention__head_count_kv": 1,
                "attention__kv_lora_rank": 100,
                "attention__key_length_mla": 50,
                "rope__dimension_count": 8,
            },
            2 * 108,
        ),
        ({"attention__kv_lora_rank": 100}, 2 * 2 * 32),
    ],
)
def test_the_cache_of_a_token_is_summed_over_the_layers_that_have_one(
    values: dict[str, object], elements_per_token: int
):
    assert facts(with_values(**values)).kv_bytes_per_token == 2 * elements_per_token


def test_experts_that_work_together_stand_side_by_side():
    model = with_values(
        feed_forward_length=[64, 96], expert_feed_forward_length=50, expert_used_count=4
    )
    assert facts(model).feed_forward_length == 200


def test_experts_without_a_length_of_their_own_have_the_stated_one():
    model = with_values(feed_forward_length=64, expert_count=8, expert_used_count=2)
    assert facts(model).feed_forward_length == 128


def of_architecture(name: str, **values: object) -> ModelFacts:
    model = with_values(**values)
    model.values["general.architecture"] = name
    renamed = {key.replace("llama.", f"{name}."): item for key, item in model.values.items()}
    return facts(tiny_gguf.TinyGguf(renamed, model.tensors))


@pytest.mark.parametrize(
    ("architecture", "pattern", "windowed_layers"),
    [
        ("gemma3", None, 10),
        ("gpt-oss", None, 6),
        ("gemma3", 4, 9),
        ("gemma3", [1, 0, 1], 2),
        ("llama", None, 0),
    ],
)
def test_layers_with_a_window_are_told_apart(
    architecture: str, pattern: object, windowed_layers: int
):
    extra = {} if pattern is None else {"attention__sliding_window_pattern": pattern}
    found = of_architecture(architecture, block_count=12, attention__sliding_window=512, **extra)
    assert found.kv_bytes_per_token == 12 * 2 * 2 * 32
    assert found.windowed_kv_bytes_per_token == windowed_layers * 2 * 2 * 32
    assert found.window_tokens == (512 if windowed_layers else 0)


@pytest.mark.parametrize(
    ("architecture", "values", "state_elements"),
    [
        (
            "mamba",
            {
                "attention__head_count_kv": 0,
                "ssm__inner_size": 128,
                "ssm__state_size": 16,
                "ssm__conv_kernel": 4,
            },
            2 * (3 * 128 + 128 * 16),
        ),
        ("lfm2", {"attention__head_count_kv": [2, 0], "shortconv__l_cache": 3}, 2 * 64),
        (
            "qwen3next",
            {
                "block_count": 4,
                "full_attention_interval": 4,
                "ssm__inner_size": 128,
                "ssm__state_size": 16,
                "ssm__conv_kernel": 4,
                "ssm__group_count": 2,
            },
            3 * (3 * (128 + 2 * 2 * 16) + 128 * 16),
        ),
        (
            "falcon-h1",
            {"ssm__inner_size": 128, "ssm__state_size": 16, "ssm__conv_kernel": 1},
            2 * 128 * 16,
        ),
        ("rwkv7", {"attention__head_count_kv": 0, "wkv__head_size": 32}, 2 * 64 * (2 + 32)),
        ("llama", {}, 0),
    ],
)
def test_recurrent_layers_have_a_state(
    architecture: str, values: dict[str, object], state_elements: int
):
    assert of_architecture(architecture, **values).state_bytes == 4 * state_elements


def test_only_the_experts_in_use_are_active():
    model = with_values(expert_count=8, expert_used_count=2)
    model.tensors.append(("blk.0.ffn_up_exps.weight", (32, 8), tiny_gguf.Q8_0, 272))
    assert facts(model).active_weights_bytes == 4608 + 768 + 272 // 4


def test_a_token_table_that_is_also_the_output_is_active():
    model = tiny_gguf.llama()
    model.tensors.pop()
    assert facts(model).active_weights_bytes == 768 + 4608


def test_the_starter_model_is_known_for_what_it_is(starter_model: Path):
    with starter_model.open("rb") as stream:
        found = facts_from_header(read_header(stream), starter_model.stat().st_size)
    assert found.parameters == 134_515_008
    assert found.quantization == "Q4_1"
    assert found.kv_bytes_per_token == 30 * 3 * 64 * 2 * 2
    assert found.vocabulary_tokens == 49_152
    assert found.has_chat_template
    assert 0.97 * found.file_bytes < found.weights_bytes < found.file_bytes
