"""Splitting Markdown into prose and code, at once and piece by piece."""

import pytest

from desktop.core.markdown_blocks import (
    JOIN_CHARACTERS,
    Block,
    BlockKind,
    StreamingBlocks,
    split_blocks,
)

PARAGRAPH = "The Moon pulls on the sea. " * 30

SAMPLES = {
    "empty": "",
    "blank": "\n\n  \n",
    "prose": "One.\n\nTwo *bold* words.\n\n# Three\nfour",
    "fence": "Look:\n\n```python\nx = 1\n\nprint(x)\n```\nDone.\n",
    "open fence": "Look:\n```python\nx = 1\n",
    "tilde fence with backticks inside": "~~~\n```\nx\n```\n~~~\n\nend",
    "longer fence": "````md\n```py\nx\n```\n````\nafter",
    "indented fence": "a\n\n  ```c\n  int x;\n    int y;\n  ```\nb",
    "fence in a list": "- a\n\n  ```\n  x\n  ```\n- b\n\nend",
    "fences in a row": "```a\n1\n```\n```b\n2\n```\n",
    "table": "Words\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend",
    "setext heading": "Foo\n---\nBar\n===\n\nbaz",
    "hash that is no heading": "Foo\n#bar\n#\n# x",
    "link definitions": "[a]:\n/url\n\n[a]\n\n```\n[b]: x\n```\n[c]: y\n",
    "html": "<script>alert(1)</script>\n\n<div>\n\n```\n</div>\n```",
    "carriage returns": "a\r\n\r\n```x\r\ncode\r\n```\r\nb",
    "other line ends": "a\x0bb\u2028c\n\n```\nx\x0c\u2028y\n```\n\x00",
    "long prose": "\n\n".join([PARAGRAPH] * 9) + "\n\n```\nx\n```\n" + "\n\n".join([PARAGRAPH] * 4),
    "long list": "\n".join(f"- {PARAGRAPH}" for _ in range(5)) + "\n\nend",
    "odd lists": "1. a\n2. b\n   ```\n   x\n   ```\n\n   c\n10) d\n    - e\n- f\n* g\n   - h\nlazy",
    "long numbered list": "\n".join(f"{i}. {PARAGRAPH}\n   - sub\n" for i in range(9)),
    "quote": "> a\n> ```\n> x\n\n```\ny",
}


@pytest.mark.parametrize("source", SAMPLES.values(), ids=SAMPLES.keys())
@pytest.mark.parametrize("step", [1, 2, 3, 7, 19, 60])
def test_pieces_give_the_same_blocks_as_the_whole_at_every_step(source: str, step: int) -> None:
    streaming = StreamingBlocks()
    for position in range(0, len(source), step):
        streaming.append(source[position : position + step])
        if len(source) < 500 or not position % 7:
            assert streaming.blocks == split_blocks(source[: position + step])
    assert streaming.blocks == split_blocks(source)


@pytest.mark.parametrize("source", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_frozen_block_never_changes(source: str) -> None:
    streaming = StreamingBlocks()
    frozen: tuple[Block, ...] = ()
    for character in source:
        streaming.append(character)
        assert streaming.frozen[: len(frozen)] == frozen
        frozen = streaming.frozen


def test_a_fence_is_code_with_its_language() -> None:
    blocks = split_blocks("Look:\n\n```python title=x\nx = 1\n\ny = 2\n```\n\nDone.")
    assert blocks == (
        Block(BlockKind.TEXT, "", "Look:"),
        Block(BlockKind.CODE, "python", "x = 1\n\ny = 2"),
        Block(BlockKind.TEXT, "", "Done."),
    )


def test_an_open_fence_is_code_while_it_streams() -> None:
    streaming = StreamingBlocks()
    streaming.append("```python\nprint(")
    assert streaming.tail == (Block(BlockKind.CODE, "python", "print("),)
    streaming.append("1)\n```")
    assert streaming.blocks == (Block(BlockKind.CODE, "python", "print(1)"),)
    streaming.append("\nDone")
    assert streaming.blocks[-1] == Block(BlockKind.TEXT, "", "Done")


def test_neighbouring_prose_is_joined_up_to_a_limit() -> None:
    assert len(split_blocks("a\n\nb\n\n- c\n- d\n\n# e")) == 1
    blocks = split_blocks("\n\n".join([PARAGRAPH] * 8))
    assert 1 < len(blocks) < 8
    assert all(len(block.text) < JOIN_CHARACTERS + len(PARAGRAPH) + 2 for block in blocks)


def test_prose_long_gone_by_is_not_parsed_again() -> None:
    streaming = StreamingBlocks("\n\n".join([PARAGRAPH] * 8))
    assert len(streaming.frozen) >= 3
    assert sum(len(block.text) for block in streaming.tail) < 2 * JOIN_CHARACTERS


def test_a_long_list_is_cut_between_its_items() -> None:
    blocks = split_blocks("\n".join(f"{number}. word" for number in range(1, 600)))
    assert len(blocks) > 3
    assert all(block.text[0].isdigit() for block in blocks)
    assert sum(block.text.count("word") for block in blocks) == 599


def test_html_stays_prose() -> None:
    assert split_blocks("<table><tr><td>x</table>")[0].text == "<table><tr><td>x</table>"
