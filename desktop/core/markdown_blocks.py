"""An answer in Markdown, split into prose and code, also while it is still being written.

Only the block structure is found here; what stands inside a block is left to whoever shows it.
"""

import importlib
import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

JOIN_CHARACTERS = 1000
"""Neighbouring prose is joined up to this length, so that a new word redraws little."""
_FENCE = re.compile(r"`{3,}|~{3,}")


class BlockKind(Enum):
    """What a block holds."""

    TEXT = "text"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an answer.

    Attributes:
        language: What the fence says, such as ``python``; empty for text.
        text: Markdown of a text block; the lines between the fences of a code block.
    """

    kind: BlockKind
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class _Span:
    """A block and the line it starts at."""

    block: Block
    start: int


def split_blocks(source: str) -> tuple[Block, ...]:
    """Split Markdown into blocks; a fence that is not closed is code to the end."""
    return tuple(span.block for span in _spans(_clean(source)))


class StreamingBlocks:
    """Splits text that arrives piece by piece; `blocks` always equals `split_blocks` of it all.

    All blocks but the last are frozen: they will never change and are not parsed again. Of a
    fence that is still open, only the new lines are looked at.
    """

    def __init__(self, text: str = "") -> None:
        self._frozen: tuple[Block, ...] = ()
        self._pending = ""
        self._open_fence: _OpenFence | None = None
        self.append(text)

    @property
    def frozen(self) -> tuple[Block, ...]:
        """The blocks that will never change."""
        return self._frozen

    @property
    def tail(self) -> tuple[Block, ...]:
        """The blocks that the next words may change."""
        if self._open_fence is not None:
            return (self._open_fence.block(self._pending),)
        return split_blocks(self._pending)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks so far."""
        return self._frozen + self.tail

    def append(self, text: str) -> None:
        """Take further text."""
        self._pending += _clean(text)
        if self._open_fence is not None:
            if self._open_fence.is_open(self._pending):
                return
            self._open_fence = None
        self._freeze()

    def _freeze(self) -> None:
        """Set aside what can no longer change: everything before the last block.

        Markdown decides line by line, and a further line changes the last block only. A line
        without its end may still turn into something else, so it does not count.
        """
        complete, newline, rest = self._pending.rpartition("\n")
        spans = _spans(complete + newline)
        if not spans:
            return
        last = spans[-1]
        self._frozen += tuple(span.block for span in spans[:-1])
        lines = complete.split("\n")[last.start :]
        self._pending = "\n".join((*lines, rest))
        if last.block.kind is BlockKind.CODE:
            fence = _OpenFence.found_in(self._pending, last.block.language)
            self._open_fence = fence if fence and fence.is_open(self._pending) else None


class _OpenFence:
    """The fence that the pending text starts with, as long as no line closes it."""

    def __init__(self, marker: str, language: str, body_start: int) -> None:
        self._language = language
        self._body_start = body_start
        self._checked = body_start
        self._closing = re.compile(rf"^ {{0,3}}{marker[0]}{{{len(marker)},}}[ \t]*$", re.MULTILINE)

    @classmethod
    def found_in(cls, pending: str, language: str) -> "_OpenFence | None":
        """Look at the first line; None for an indented fence, which the parser has to unindent."""
        opening = _FENCE.match(pending)
        return cls(opening[0], language, pending.find("\n") + 1) if opening else None

    def is_open(self, pending: str) -> bool:
        """Look for the closing line among the lines that are new since the last call."""
        if self._closing.search(pending, self._checked):
            return False
        self._checked = pending.rfind("\n") + 1
        return True

    def block(self, pending: str) -> Block:
        """Return the code so far."""
        return Block(BlockKind.CODE, self._language, pending[self._body_start :].removesuffix("\n"))


def _clean(text: str) -> str:
    """Leave line feeds as the only line ends, which is what the parser counts lines by."""
    return text.replace("\r", "").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _spans(source: str) -> list[_Span]:
    lines = source.split("\n")
    spans: list[_Span] = []
    start = 0

    def close_text(end: int) -> None:
        text = "\n".join(lines[start:end]).strip("\n")
        if text.strip():
            spans.append(_Span(Block(BlockKind.TEXT, "", text), start))

    for token in _pieces(source):
        token_start, token_end = token.map or (0, 0)
        if token.type == "fence":
            close_text(token_start)
            spans.append(_Span(_code_block(token), token_start))
            start = token_end
        elif sum(map(len, lines[start:token_end])) >= JOIN_CHARACTERS:
            close_text(token_end)
            start = token_end
    close_text(len(lines))
    return spans


def _pieces(source: str) -> list["Token"]:
    """Return the top-level blocks in order; a list counts as its items, as lists can be endless."""
    return [
        token
        for token in _parser().parse(source)
        if token.map
        and (
            (token.level == 0 and token.type not in {"bullet_list_open", "ordered_list_open"})
            or (token.level == 1 and token.type == "list_item_open")
        )
    ]


def _code_block(token: "Token") -> Block:
    words = token.info.split()
    return Block(BlockKind.CODE, words[0] if words else "", token.content.removesuffix("\n"))


@cache
def _parser() -> "MarkdownIt":
    """Make the parser; the library takes 50 ms to load and is not needed before an answer is."""
    library = importlib.import_module("markdown_it")
    parser: MarkdownIt = library.MarkdownIt("commonmark", {"html": False})
    # Only blocks are asked for: words in bold and links are not parsed.
    return parser.enable("table").disable("inline")
