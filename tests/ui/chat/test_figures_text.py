"""The figures of an answer in words."""

from dataclasses import replace

import pytest
from chat_messages import figures

from desktop.core.generation import StopReason
from desktop.ui.chat.figures_text import decode_s, figures_line, figures_tooltip


def test_the_line_has_speed_first_token_tokens_and_memory() -> None:
    expected = "134 tokens/s · first token 0.05 s · 118 tokens · 0.26 GB peak"
    assert figures_line(figures()) == expected


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (StopReason.CANCELLED, "stopped by you"),
        (StopReason.CONTEXT_FULL, "context full"),
        (StopReason.TOKEN_LIMIT, "token limit reached"),
        (StopReason.ENGINE_FAILED, "broken off"),
        (StopReason.STOP_STRING, "ended at a stop text"),
    ],
)
def test_an_end_that_is_not_normal_is_told_in_words(reason: StopReason, words: str) -> None:
    assert figures_line(figures(reason)).startswith(f"{words} · 134")


def test_figures_that_are_not_known_are_left_out_of_the_line() -> None:
    unknown = replace(figures(), tokens_per_s=None, time_to_first_token_s=None, completion_tokens=1)
    assert figures_line(unknown) == "1 token · 0.26 GB peak"
    assert "not available" in figures_tooltip(unknown)


def test_the_time_of_answering_runs_from_the_first_token_to_the_last() -> None:
    assert decode_s(figures()) == pytest.approx(117 / 134.2)
    assert decode_s(replace(figures(), tokens_per_s=None)) == 0.0
