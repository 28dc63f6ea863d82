"""The first sentences of a card, whatever it begins with."""

import pytest

from desktop.hub.card_text import first_sentences

PROSE = "This model was trained to answer questions about the weather, and does so well."


@pytest.mark.parametrize(
    "before",
    [
        "",
        "---\nlicense: mit\n---\n",
        "# Title\n\n",
        "Short.\n\n",
        "![image](https://x.example/a.png)\n\n",
        "[![badge](https://x.example/a.png)](https://x.example/a-very-long-address-indeed)\n\n",
        "<div style='width: auto'><img src='https://x.example/a.png'></div>\n\n",
        "<style>\nbody { color: red; background: blue; margin: 1px 2px 3px 4px }\n</style>\n\n",
        "<!-- a comment that nobody is meant to read, long as it is -->\n\n",
        "```python\nprint('this is code and no prose, long as it may be')\n```\n\n",
        "| a table | with cells | that go on and on | and on |\n|---|---|---|---|\n\n",
        "- a list that goes on for so long that it could be prose\n- and on\n\n",
        "> a quotation that goes on for so long that it could be prose\n\n",
        "1. a numbered list that goes on for so long that it could be prose\n\n",
        "https://example.com/an-address-that-goes-on-for-so-long-that-it-could-be-prose\n\n",
    ],
)
def test_prose_is_found_after_other_things(before):
    assert first_sentences(before + PROSE + "\n\nMore follows after that.") == PROSE


def test_marks_and_links_become_plain_words():
    card = (
        "**This** `model` was _trained_ to [answer](https://x.example) snake_case questions\nwell."
    )
    assert first_sentences(card) == "This model was trained to answer snake_case questions well."


def test_a_long_paragraph_ends_with_a_sentence():
    text = first_sentences(" ".join([PROSE] * 20))
    assert text == " ".join([PROSE] * 5)


def test_a_long_sentence_is_cut():
    text = first_sentences("word " * 200)
    assert len(text) <= 400
    assert text.endswith("word…")


@pytest.mark.parametrize("card", ["", "\n\n", "# Title", "---\nlicense: mit\n---", "\x00" * 100])
def test_a_card_without_prose_says_nothing(card):
    assert first_sentences(card) == ""


def test_a_card_made_to_be_slow_is_not():
    for piece in ("<", "[", "![", "```\n", "<!--", "---\n", "*", "[]("):
        first_sentences(piece * (64 * 1024 // len(piece)))
