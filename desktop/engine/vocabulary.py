"""The vocabulary of a loaded model: text to tokens and back."""

import ctypes
from dataclasses import dataclass
from enum import IntFlag

import llama_cpp

_PIECE_BYTES = 256


class TokenAttribute(IntFlag):
    """llama.cpp's attributes of a token (`enum llama_token_attr`), those that matter here."""

    CONTROL = 1 << 3
    USER_DEFINED = 1 << 4
    STRIP_RIGHT = 1 << 8


@dataclass(frozen=True, slots=True)
class SpecialToken:
    """A token that stands for itself in a text, such as ``<|im_end|>``."""

    id: int
    text: str
    attributes: TokenAttribute


class Vocabulary:
    """Tokenises for one model; lives as long as the model it was made from."""

    def __init__(self, model: llama_cpp.llama_model_p) -> None:
        self._vocab = llama_cpp.llama_model_get_vocab(model)
        self._piece = ctypes.create_string_buffer(_PIECE_BYTES)
        self._generated: dict[int, bytes | None] = {}
        self.adds_bos = llama_cpp.llama_vocab_get_add_bos(self._vocab)
        self.bos_id = llama_cpp.llama_vocab_bos(self._vocab)
        self.eos_id = llama_cpp.llama_vocab_eos(self._vocab)
        self._adds_space = self.piece(self.tokenize("a", parse_special=False)[0])[:1] == b" "

    @property
    def size(self) -> int:
        """Number of entries."""
        return int(llama_cpp.llama_vocab_n_tokens(self._vocab))

    def tokenize(self, text: str, *, parse_special: bool) -> list[int]:
        """Return the tokens of `text`, without a beginning-of-sequence token.

        With `parse_special` off, text that looks like a control token is ordinary text.
        """
        data = text.encode("utf-8", errors="replace")
        capacity = len(data) + 16
        while True:
            tokens = (llama_cpp.llama_token * capacity)()
            count = llama_cpp.llama_tokenize(
                self._vocab, data, len(data), tokens, capacity, False, parse_special
            )
            if count >= 0:
                return tokens[:count]
            capacity = -count

    def tokenize_text(self, text: str, *, continues: bool) -> list[int]:
        """Return the tokens of `text` as ordinary text.

        SentencePiece models put a space before a text, also where it `continues` another one. A
        line break goes before such a text, since it never becomes part of a longer token, and what
        it adds is taken off again.
        """
        if not continues or not self._adds_space:
            return self.tokenize(text, parse_special=False)
        line_break = self.tokenize("\n", parse_special=False)
        return self.tokenize(f"\n{text}", parse_special=False)[len(line_break) :]

    def piece(self, token: int, *, show_special: bool = False) -> bytes:
        """Return the bytes a token stands for; a character may be spread over several tokens."""
        while True:
            length = llama_cpp.llama_token_to_piece(
                self._vocab, token, self._piece, len(self._piece), 0, show_special
            )
            if length >= 0:
                return self._piece.raw[:length]
            self._piece = ctypes.create_string_buffer(-length)

    def ends_generation(self, token: int) -> bool:
        """Whether the token ends a turn or a text."""
        return bool(llama_cpp.llama_vocab_is_eog(self._vocab, token))

    def generated_piece(self, token: int) -> bytes | None:
        """Return the bytes of a generated token; None if it ends the generation.

        Answers repeat their tokens, and this is asked between two of them: it is remembered.
        """
        if token not in self._generated:
            is_end = self.ends_generation(token)
            self._generated[token] = None if is_end else self.piece(token)
        return self._generated[token]

    def special(self, token: int) -> SpecialToken | None:
        """Return the token as a special one, or None if it is ordinary."""
        attributes = TokenAttribute(llama_cpp.llama_vocab_get_attr(self._vocab, token))
        if not attributes & (TokenAttribute.CONTROL | TokenAttribute.USER_DEFINED):
            return None
        return SpecialToken(token, self.text(token), attributes)

    def text(self, token: int) -> str:
        """Return the entry of the vocabulary as it is written there; empty for -1."""
        if token < 0:
            return ""
        text: bytes = llama_cpp.llama_vocab_get_text(self._vocab, token)
        return text.decode("utf-8", errors="replace")
