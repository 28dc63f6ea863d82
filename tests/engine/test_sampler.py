from collections.abc import Callable, Iterator
from dataclasses import replace

import llama_cpp
import pytest

from desktop.core.generation import SamplingSettings
from desktop.engine.model import LoadedModel
from desktop.engine.sampler import Sampler

LoadTiny = Callable[..., LoadedModel]

DRAWS = 40
SEEDS = 8
HOT = SamplingSettings(temperature=1.5, top_k=6, top_p=1.0, min_p=0.0, repeat_last_tokens=12)


@pytest.fixture(name="model")
def model_with_logits(load_tiny: LoadTiny) -> LoadedModel:
    """A model of random weights that has read a prompt: any token may follow."""
    model = load_tiny(embedding=128)
    read_prompt(model)
    return model


@pytest.mark.parametrize("penalty", [1.05, 1.3, 5.0, 0.5])
def test_the_shortcut_before_a_penalty_changes_no_draw(penalty: float, model: LoadedModel) -> None:
    for seed in range(SEEDS):
        settings = replace(HOT, repeat_penalty=penalty, seed=seed)
        assert generate(model, settings) == generate_without_shortcut(model, settings)


def test_a_temperature_of_zero_takes_the_likeliest_token(model: LoadedModel) -> None:
    logits = llama_cpp.llama_get_logits_ith(model.context, -1)
    likeliest = max(range(model.vocabulary.size), key=lambda token: logits[token])
    for seed in (1, 2, None):
        settings = SamplingSettings(temperature=0.0, seed=seed)
        assert set(draw(model, settings)) == {likeliest}


def test_a_penalty_works_at_temperature_zero(model: LoadedModel) -> None:
    plain = SamplingSettings(temperature=0.0)
    assert len(set(draw(model, replace(plain, repeat_penalty=5.0)))) > 1


def test_a_penalty_over_no_tokens_does_nothing(model: LoadedModel) -> None:
    settings = replace(HOT, seed=3)
    without = draw(model, settings)
    assert draw(model, replace(settings, repeat_penalty=5.0, repeat_last_tokens=0)) == without


def test_the_same_seed_draws_the_same_tokens(model: LoadedModel) -> None:
    settings = replace(HOT, seed=7)
    assert draw(model, settings) == draw(model, settings)
    assert draw(model, settings) != draw(model, replace(settings, seed=8))


def test_without_a_seed_each_answer_is_drawn_anew(model: LoadedModel) -> None:
    assert draw(model, HOT) != draw(model, HOT)


def test_top_k_limits_the_choice(model: LoadedModel) -> None:
    settings = replace(HOT, temperature=10.0, seed=1)
    assert len(set(draw(model, replace(settings, top_k=3), 200))) == 3
    assert len(set(draw(model, replace(settings, top_k=0), 200))) > 40


def test_top_p_and_min_p_limit_the_choice(model: LoadedModel) -> None:
    settings = replace(HOT, top_k=0, seed=1)
    assert len(set(draw(model, replace(settings, top_p=0.0)))) == 1
    assert len(set(draw(model, replace(settings, min_p=1.0)))) == 1


def draw(model: LoadedModel, settings: SamplingSettings, count: int = DRAWS) -> list[int]:
    """Draw again and again from the same logits; only the penalties remember."""
    sampler = Sampler(settings, model.vocabulary.size)
    tokens = [sampler.sample(model.context) for _ in range(count)]
    sampler.close()
    return tokens


def generate(model: LoadedModel, settings: SamplingSettings) -> list[int]:
    sampler = Sampler(settings, model.vocabulary.size)
    tokens = decode(model, sampler.sample)
    sampler.close()
    return tokens


def generate_without_shortcut(model: LoadedModel, settings: SamplingSettings) -> list[int]:
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    for stage in plain_stages(model, settings):
        llama_cpp.llama_sampler_chain_add(chain, stage)
    tokens = decode(model, lambda context: llama_cpp.llama_sampler_sample(chain, context, -1))
    llama_cpp.llama_sampler_free(chain)
    return tokens


def decode(model: LoadedModel, sample: Callable[[object], int]) -> list[int]:
    read_prompt(model)
    tokens = []
    for _ in range(DRAWS):
        tokens.append(sample(model.context))
        model.session.append(tokens[-1])
    return tokens


def read_prompt(model: LoadedModel) -> None:
    model.session.clear()
    prompt = model.vocabulary.tokenize("hello and you", parse_special=False)
    model.session.process(prompt, ignore)


def ignore(_count: int) -> None:
    """The tests look at the draws only."""


def plain_stages(model: LoadedModel, settings: SamplingSettings) -> Iterator[object]:
    yield llama_cpp.llama_sampler_init_penalties(
        model.vocabulary.size, settings.repeat_last_tokens, settings.repeat_penalty, 0.0, 0.0
    )
    yield llama_cpp.llama_sampler_init_top_k(settings.top_k)
    yield llama_cpp.llama_sampler_init_top_p(settings.top_p, 1)
    yield llama_cpp.llama_sampler_init_min_p(settings.min_p, 1)
    yield llama_cpp.llama_sampler_init_temp(settings.temperature)
    yield llama_cpp.llama_sampler_init_dist(settings.seed or 0)
