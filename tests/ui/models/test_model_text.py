from dataclasses import replace

from desktop.core.figure import Figure, FigureKind
from desktop.ui.models import model_text


def test_an_estimate_is_marked_and_a_measurement_is_plain(starter, middle):
    assert model_text.speed_text(starter) == "134 tokens/s"
    assert model_text.memory_text(starter) == "0.26 GB"
    assert model_text.speed_text(middle) == "≈ 9.1 tokens/s"
    assert model_text.memory_text(middle) == "≈ 3.10 GB"


def test_a_bar_says_in_words_how_its_figures_are_known(starter, middle):
    assert model_text.figures_text(starter) == "134 tokens/s · 0.26 GB · measured"
    assert model_text.figures_text(middle) == "≈ 9.1 tokens/s · ≈ 3.10 GB · estimated"
    mixed = replace(middle, resident_bytes=Figure(3e9, FigureKind.MEASURED))
    assert model_text.figures_text(mixed) == "≈ 9.1 tokens/s · 3.00 GB · partly measured"


def test_what_is_unknown_is_not_told(broken):
    assert not model_text.figures_text(broken)
    assert model_text.file_text(broken.model) == "12 kB"


def test_a_screen_reader_hears_the_whole_row(middle, heavy, broken):
    assert model_text.spoken_text(middle) == (
        "Qwen3 4B, 4B, Q4_K_M, 2.50 GB, speed 9.1 tokens/s estimated, "
        "memory 3.10 GB estimated, Tight"
    )
    assert "speed not available" in model_text.spoken_text(heavy)
    assert model_text.spoken_text(broken).startswith("page, cannot be used: Not a GGUF file.")
