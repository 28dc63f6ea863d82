"""The first sentences of a repository's card, out of its Markdown."""

import re
from collections.abc import Iterator
from itertools import groupby

_READ_LETTERS = 16 * 1024
_LINE_LETTERS = 2000
"""Where lines are cut, so that no card, however made, takes long."""
_MAXIMUM_LETTERS = 400
_MINIMUM_LETTERS = 40
"""Shorter paragraphs are labels and links."""

_BLOCKS = (
    ("```", "```"),
    ("~~~", "~~~"),
    ("<!--", "-->"),
    ("<style", "</style"),
    ("<script", "</script"),
)
"""How what is no prose begins and ends."""
_NO_PROSE = re.compile(r"[#|>=]|[-*+] |\d+[.)] |https?://")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[!/]?[a-zA-Z-][^<>]*>")
_MARKS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")
_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")


def first_sentences(card: str) -> str:
    """Return the beginning of a card's first paragraph of prose, plain; empty if it has none."""
    lines = _outside_blocks(_without_front_matter(card[:_READ_LETTERS].splitlines()))
    for is_paragraph, paragraph in groupby(lines, key=bool):
        plain = _plain(list(paragraph)) if is_paragraph else ""
        if len(plain) >= _MINIMUM_LETTERS:
            return _shortened(plain)
    return ""


def _without_front_matter(lines: list[str]) -> list[str]:
    """Leave out what stands between two lines of hyphens at the beginning."""
    marks = [number for number, line in enumerate(lines) if line.rstrip() == "---"][:2]
    return lines[marks[1] + 1 :] if len(marks) == 2 and marks[0] == 0 else lines


def _outside_blocks(lines: list[str]) -> Iterator[str]:
    """Put empty lines in the place of code, comments, styles and scripts."""
    end = ""
    for line in lines:
        text = line.strip()[:_LINE_LETTERS]
        if end:
            end = "" if end in text.lower() else end
            yield ""
            continue
        for block_start, block_end in _BLOCKS:
            is_start = text.lower().startswith(block_start)
            if is_start and block_end not in text[len(block_start) :].lower():
                end = block_end
        yield "" if end else text


def _plain(lines: list[str]) -> str:
    if _NO_PROSE.match(lines[0]):
        return ""
    text = " ".join(lines)[:_LINE_LETTERS]
    for pattern, replacement in ((_IMAGE, ""), (_LINK, r"\1"), (_TAG, ""), (_MARKS, "")):
        text = pattern.sub(replacement, text)
    return " ".join("".join(letter for letter in text if letter.isprintable()).split())


def _shortened(text: str) -> str:
    if len(text) <= _MAXIMUM_LETTERS:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text[:_MAXIMUM_LETTERS])]
    return text[: ends[-1]] if ends else f"{text[: _MAXIMUM_LETTERS - 1].rstrip()}…"
