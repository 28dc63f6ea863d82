"""Sampling that suits a model, by its name, where the general default does not."""

from dataclasses import replace

from desktop.core.generation import SamplingSettings

DEFAULT = SamplingSettings()

_PRESETS: tuple[tuple[str, SamplingSettings], ...] = (
    # A model this small loops at the usual settings: stay close to its likeliest words.
    ("smollm2 135m", replace(DEFAULT, temperature=0.2, min_p=0.1, repeat_penalty=1.1)),
    ("smollm2 360m", replace(DEFAULT, temperature=0.2, min_p=0.1, repeat_penalty=1.1)),
)


def preset_for(model_name: str) -> SamplingSettings:
    """Return the preset of the model whose display name starts with a known name."""
    name = model_name.lower()
    for prefix, settings in _PRESETS:
        if name.startswith(prefix):
            return settings
    return DEFAULT
