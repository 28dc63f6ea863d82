import pytest

from desktop.core.generation import SamplingSettings
from desktop.core.sampling_preset import preset_for


@pytest.mark.parametrize("name", ["SmolLM2 135M Instruct", "smollm2 135m", "SmolLM2 360M Instruct"])
def test_a_very_small_model_is_kept_close_to_its_likeliest_words(name: str) -> None:
    preset = preset_for(name)
    assert preset.temperature < SamplingSettings().temperature
    assert preset.repeat_penalty > 1.0


@pytest.mark.parametrize("name", ["Qwen3 0.6B", "SmolLM2 1.7B Instruct", "My SmolLM2 135M", ""])
def test_other_models_get_the_default(name: str) -> None:
    assert preset_for(name) == SamplingSettings()
