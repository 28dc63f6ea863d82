"""Real GGUF files made on the spot: models of a few hundred kilobytes, and files that are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType, quants

CHATML = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
CHATML_SPECIALS = ("<|im_start|>", "<|im_end|>")

FEED_FORWARD_FACTOR = 2
HEADS = 2
SEED = 20240607
_SHARPNESS = 100.0

Tokenizer = Literal["llama", "gpt2"]

# Pieces besides single characters, so that a word may be one token or several.
_MERGES = (
    ("t", "h"),
    ("th", "e"),
    ("i", "n"),
    ("a", "n"),
    ("an", "d"),
    ("o", "u"),
    ("y", "ou"),
    ("h", "e"),
    ("l", "l"),
    ("he", "ll"),
    ("hell", "o"),
    (" ", "the"),
    (" ", "and"),
    (" ", "you"),
)
_PRINTABLE = tuple(map(chr, range(0x21, 0x7F)))
_SPACE = {"llama": "\u2581", "gpt2": "\u0120"}


def write_tiny_model(
    path: Path,
    *,
    template: str | None = CHATML,
    specials: Sequence[str] = CHATML_SPECIALS,
    user_defined: Sequence[str] = (),
    end_of_turn: str = "",
    tokenizer: Tokenizer = "llama",
    answer: Sequence[str] | None = None,
    endless: bool = False,
    context_length: int = 512,
    layers: int = 1,
    embedding: int = 64,
    architecture: str = "llama",
    name: str = "tiny",
) -> Path:
    """Write a model that llama.cpp loads in milliseconds and runs; returns `path`.

    Args:
        path: Where to write it.
        template: Its chat template; None for a model that brings none.
        specials: Control tokens besides ``<s>`` and ``</s>``.
        user_defined: Tokens that llama.cpp finds in any text, as some files declare them.
        end_of_turn: The token that ends an answer, one of the above; ``</s>`` if empty. llama.cpp
            ends at well-known names such as ``<|im_end|>`` as well.
        tokenizer: SentencePiece with byte fallback (``llama``) or byte pairs (``gpt2``).
        answer: What the model says, token by token, at any temperature and to any prompt: distinct
            pieces, which become entries of the vocabulary; ``<0xF0>`` is a single byte. With None
            the weights are random, the same ones every time, and it talks gibberish.
        endless: Never end a turn: begin the answer again, or talk gibberish for ever (at
            temperature 0).
        context_length: What the header says it was trained for.
        layers: Number of layers.
        embedding: Width, a multiple of 32; an `answer` has fewer pieces than this.
        architecture: What the header says; the tensors are those of ``llama``.
        name: What the header calls the model; llama.cpp treats a ``phi-3`` in its own way.
    """
    vocabulary = _vocabulary(tokenizer, specials, user_defined, answer or ())
    end_id = vocabulary.texts.index(end_of_turn or "</s>")
    writer = GGUFWriter(path, architecture)
    writer.add_name(name)
    _add_sizes(writer, context_length, layers, embedding)
    _add_vocabulary(writer, vocabulary, tokenizer, end_id)
    if template is not None:
        writer.add_chat_template(template)
    weights = _Weights(len(vocabulary.texts), embedding, layers)
    if answer is not None:
        said = [vocabulary.texts.index(_entry(piece, tokenizer)) for piece in answer]
        weights.recite(said, said[0] if endless else end_id)
    elif endless:
        weights.never_say([end_id, *vocabulary.control_ids()])
    for tensor, values in weights.tensors.items():
        if values.ndim == 1:
            writer.add_tensor(tensor, values)
        else:
            packed = quants.quantize(values, GGMLQuantizationType.Q8_0)
            writer.add_tensor(tensor, packed, raw_dtype=GGMLQuantizationType.Q8_0)
    _write(writer)
    return path


def write_bad_files(folder: Path) -> dict[str, Path]:
    """Write one file of each kind that is not a usable model, and return them by kind."""
    whole = write_tiny_model(folder / "whole.gguf").read_bytes()
    (folder / "whole.gguf").unlink()
    contents = {
        "not_gguf": b"The quick brown fox jumps over the lazy dog.\n" * 20,
        "empty": b"",
        "truncated": whole[: len(whole) // 2],
        "truncated_header": whole[:900],
        "lfs_pointer": (
            b"version https://git-lfs.github.com/spec/v1\n"
            b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
            b"size 98223104\n"
        ),
        "html": b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n",
        "zip": b"PK\x03\x04" + bytes(400),
    }
    files = {kind: folder / f"{kind}.gguf" for kind in contents}
    for kind, content in contents.items():
        files[kind].write_bytes(content)
    files["directory"] = folder / "directory.gguf"
    files["directory"].mkdir()
    files["unknown_architecture"] = write_tiny_model(
        folder / "unknown_architecture.gguf", architecture="unheardof"
    )
    files["split_part_missing"] = write_tiny_model(folder / "split-00001-of-00002.gguf")
    files["projector"] = _write_projector(folder / "projector.gguf")
    return files


@dataclass(slots=True)
class _Vocabulary:
    texts: list[str] = field(default_factory=list)
    types: list[TokenType] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def add(self, text: str, kind: TokenType, score: float = 0.0) -> None:
        if text in self.texts:
            return
        self.texts.append(text)
        self.types.append(kind)
        self.scores.append(score)

    def control_ids(self) -> list[int]:
        return [at for at, kind in enumerate(self.types) if kind is TokenType.CONTROL]


class _Weights:
    """The tensors of a llama: random ones, small enough that nothing overflows."""

    def __init__(self, vocabulary: int, embedding: int, layers: int) -> None:
        self._random = np.random.default_rng(SEED)
        self._embedding = embedding
        self.tensors: dict[str, np.ndarray] = {
            "token_embd.weight": self._matrix(vocabulary, embedding),
            "output_norm.weight": np.ones(embedding, np.float32),
            "output.weight": self._matrix(vocabulary, embedding),
        }
        for layer in range(layers):
            self._add_layer(f"blk.{layer}.")

    def recite(self, said: list[int], last: int) -> None:
        """Make each token of `said` follow the one before, `last` the last one, the first any.

        The layers add nothing to the embedding, of which one dimension stands for each token of
        the text and dimension 0 for all others.
        """
        if len(said) >= self._embedding:
            raise ValueError(f"an answer has fewer than {self._embedding} pieces")
        for name, values in self.tensors.items():
            if name.endswith(("attn_output.weight", "ffn_down.weight")):
                values[:] = 0
        embeddings, outputs = self.tensors["token_embd.weight"], self.tensors["output.weight"]
        embeddings[:] = outputs[:] = 0
        embeddings[:, 0] = 1
        outputs[said[0], 0] = _SHARPNESS
        for place, (token, following) in enumerate(zip(said, [*said[1:], last], strict=True), 1):
            embeddings[token, 0], embeddings[token, place] = 0, 1
            outputs[following, place] = _SHARPNESS

    def never_say(self, tokens: list[int]) -> None:
        """Leave these with a logit of 0: of hundreds of random ones the largest is above."""
        self.tensors["output.weight"][tokens] = 0

    def _add_layer(self, prefix: str) -> None:
        width, key_width = self._embedding, self._embedding // HEADS
        wide = width * FEED_FORWARD_FACTOR
        shapes = {
            "attn_q": (width, width),
            "attn_k": (key_width, width),
            "attn_v": (key_width, width),
            "attn_output": (width, width),
            "ffn_gate": (wide, width),
            "ffn_up": (wide, width),
            "ffn_down": (width, wide),
        }
        for name in ("attn_norm", "ffn_norm"):
            self.tensors[f"{prefix}{name}.weight"] = np.ones(width, np.float32)
        for name, shape in shapes.items():
            self.tensors[f"{prefix}{name}.weight"] = self._matrix(*shape)

    def _matrix(self, rows: int, columns: int) -> np.ndarray:
        scale = columns**-0.5
        return (self._random.standard_normal((rows, columns)) * scale).astype(np.float32)


def _vocabulary(
    tokenizer: Tokenizer, specials: Sequence[str], user_defined: Sequence[str], said: Sequence[str]
) -> _Vocabulary:
    vocabulary = _Vocabulary()
    vocabulary.add("<unk>", TokenType.UNKNOWN)
    vocabulary.add("<s>", TokenType.CONTROL)
    vocabulary.add("</s>", TokenType.CONTROL)
    if tokenizer == "llama":
        for byte in range(256):
            vocabulary.add(f"<0x{byte:02X}>", TokenType.BYTE)
    for text in specials:
        vocabulary.add(text, TokenType.CONTROL)
    for text in user_defined:
        vocabulary.add(text, TokenType.USER_DEFINED)
    if tokenizer == "gpt2":
        for character in _byte_characters():
            vocabulary.add(character, TokenType.NORMAL)
    merged = ["".join(pair) for pair in _MERGES]
    for rank, text in enumerate([*merged, " ", *_PRINTABLE, *said]):
        vocabulary.add(_entry(text, tokenizer), TokenType.NORMAL, -float(rank))
    return vocabulary


def _entry(text: str, tokenizer: Tokenizer) -> str:
    """Return how a text is written in the vocabulary."""
    is_byte = text.startswith("<0x") and len(text) == 6
    if is_byte and tokenizer == "llama":
        return text
    if tokenizer == "llama":
        return text.replace(" ", _SPACE["llama"])
    data = bytes([int(text[3:5], 16)]) if is_byte else text.encode()
    characters = _byte_characters()
    return "".join(characters[byte] for byte in data)


@cache
def _byte_characters() -> list[str]:
    """Return GPT-2's character for each byte: itself where it is printable, else one above 255."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(0x100, 0x200))
    return [chr(byte if byte in printable else next(others)) for byte in range(256)]


def _add_sizes(writer: GGUFWriter, context_length: int, layers: int, embedding: int) -> None:
    writer.add_context_length(context_length)
    writer.add_embedding_length(embedding)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(embedding * FEED_FORWARD_FACTOR)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(embedding // HEADS)
    writer.add_file_type(7)  # mostly Q8_0


def _add_vocabulary(
    writer: GGUFWriter, vocabulary: _Vocabulary, tokenizer: Tokenizer, end_id: int
) -> None:
    writer.add_vocab_size(len(vocabulary.texts))
    writer.add_tokenizer_model(tokenizer)
    writer.add_tokenizer_pre("default")
    writer.add_token_list(vocabulary.texts)
    writer.add_token_types(vocabulary.types)
    if tokenizer == "llama":
        writer.add_token_scores(vocabulary.scores)
    else:
        space = _SPACE["gpt2"]
        writer.add_token_merges([f"{a.replace(' ', space)} {b}" for a, b in _MERGES])
    writer.add_bos_token_id(vocabulary.texts.index("<s>"))
    writer.add_eos_token_id(end_id)
    writer.add_unk_token_id(vocabulary.texts.index("<unk>"))


def _write_projector(path: Path) -> Path:
    writer = GGUFWriter(path, "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_tensor("v.patch_embd.weight", np.zeros((32, 32), np.float32))
    _write(writer)
    return path


def _write(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
