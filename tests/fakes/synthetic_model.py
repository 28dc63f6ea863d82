"""GGUF files of any shape with random weights, for what depends on shapes and not on words.

Unlike the tiny models they are as wide, deep and packed as a test or a benchmark wants them, and
their vocabularies as large; they talk gibberish.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFWriter, TokenType
from tiny_model import CHATML, CHATML_SPECIALS

Architecture = Literal["llama", "qwen2", "gemma3", "mamba"]
Packing = GGMLQuantizationType

SEED = 20240607
STATE_LENGTH, CONVOLUTION_LENGTH = 16, 4
_BYTE_TOKENS = 256
# Where the 16-bit scales of a block are, and one that makes its weights small.
_SCALES = {
    Packing.Q4_0: ((0, 2e-3),),
    Packing.Q4_1: ((0, 2e-3), (2, -1.5e-2)),
    Packing.Q8_0: ((0, 2e-4),),
    Packing.Q4_K: ((0, 4e-5), (2, 3e-4)),
    Packing.Q6_K: ((208, 2e-5),),
}


@dataclass(frozen=True)
class Shape:
    """What a synthetic model looks like.

    Attributes:
        heads: Attention heads of width `embedding / heads`, or of `head_length` if given.
        packing: Of the matrices in the layers.
        outer_packing: Of the tables at both ends.
        is_tied: Whether the table of embeddings serves as the output matrix too.
        experts: Number of feed-forward networks a layer, of which two work; 0 for a dense model.
        window_tokens: What five of six layers look back over (gemma3).
    """

    architecture: Architecture = "llama"
    layers: int = 4
    embedding: int = 256
    feed_forward: int = 512
    heads: int = 4
    kv_heads: int = 2
    head_length: int = 0
    vocabulary: int = 1024
    context_length: int = 8192
    packing: Packing = Packing.Q8_0
    outer_packing: Packing = Packing.Q8_0
    is_tied: bool = False
    experts: int = 0
    window_tokens: int = 0

    @property
    def head(self) -> int:
        """Width of an attention head."""
        return self.head_length or self.embedding // self.heads


def write_synthetic_model(path: Path, shape: Shape) -> Path:
    """Write the model; returns `path`."""
    writer = GGUFWriter(path, shape.architecture)
    _add_sizes(writer, shape)
    _add_vocabulary(writer, shape)
    weights = _Weights(writer)
    weights.matrix("token_embd", shape.vocabulary, shape.embedding, shape.outer_packing)
    for layer in range(shape.layers):
        weights.prefix = f"blk.{layer}."
        if shape.architecture == "mamba":
            _add_recurrent_layer(weights, shape)
        else:
            _add_layer(weights, shape)
    weights.prefix = ""
    weights.ones("output_norm.weight", shape.embedding)
    if not shape.is_tied:
        weights.matrix("output", shape.vocabulary, shape.embedding, shape.outer_packing)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


class _Weights:
    """Puts tensors of one layer, or of the ends, into the file."""

    def __init__(self, writer: GGUFWriter) -> None:
        self.prefix = ""
        self._writer = writer
        self._random = np.random.default_rng(SEED)

    def matrix(self, name: str, rows: int, columns: int, packing: Packing, count: int = 1) -> None:
        """Add `count` random matrices as one tensor."""
        tensor = f"{self.prefix}{name}.weight"
        sizes = (count, rows) if count > 1 else (rows,)
        if packing not in _SCALES:
            values = self._random.standard_normal((*sizes, columns), np.float32) * columns**-0.5
            kind = np.float16 if packing is Packing.F16 else np.float32
            self._writer.add_tensor(tensor, values.astype(kind))
            return
        elements, size_bytes = GGML_QUANT_SIZES[packing]
        blocks = self._random.integers(
            0, 256, (count * rows * columns // elements, size_bytes), np.uint8
        )
        for offset, scale in _SCALES[packing]:
            blocks[:, offset : offset + 2] = np.array([scale], np.float16).view(np.uint8)
        packed = blocks.reshape(*sizes, columns // elements * size_bytes)
        self._writer.add_tensor(tensor, packed, raw_dtype=packing)

    def ones(self, name: str, *sizes: int) -> None:
        """Add a norm, a bias or another small tensor; the name is complete."""
        self._writer.add_tensor(f"{self.prefix}{name}", np.full(sizes, 1, np.float32))


def _add_layer(weights: _Weights, shape: Shape) -> None:
    width, wide, packing = shape.embedding, shape.feed_forward, shape.packing
    weights.ones("attn_norm.weight", width)
    weights.matrix("attn_q", shape.heads * shape.head, width, packing)
    weights.matrix("attn_k", shape.kv_heads * shape.head, width, packing)
    weights.matrix("attn_v", shape.kv_heads * shape.head, width, packing)
    weights.matrix("attn_output", width, shape.heads * shape.head, packing)
    weights.ones("ffn_norm.weight", width)
    if shape.architecture == "qwen2":
        weights.ones("attn_q.bias", shape.heads * shape.head)
        weights.ones("attn_k.bias", shape.kv_heads * shape.head)
        weights.ones("attn_v.bias", shape.kv_heads * shape.head)
    if shape.architecture == "gemma3":
        weights.ones("attn_q_norm.weight", shape.head)
        weights.ones("attn_k_norm.weight", shape.head)
        weights.ones("post_attention_norm.weight", width)
        weights.ones("post_ffw_norm.weight", width)
    if shape.experts:
        weights.matrix("ffn_gate_inp", shape.experts, width, Packing.F32)
    suffix = "_exps" if shape.experts else ""
    weights.matrix(f"ffn_gate{suffix}", wide, width, packing, shape.experts or 1)
    weights.matrix(f"ffn_up{suffix}", wide, width, packing, shape.experts or 1)
    weights.matrix(f"ffn_down{suffix}", width, wide, packing, shape.experts or 1)


def _add_recurrent_layer(weights: _Weights, shape: Shape) -> None:
    width, inner, rank = shape.embedding, 2 * shape.embedding, shape.embedding // 16
    weights.ones("attn_norm.weight", width)
    weights.matrix("ssm_in", 2 * inner, width, shape.packing)
    weights.ones("ssm_conv1d.weight", inner, CONVOLUTION_LENGTH)
    weights.ones("ssm_conv1d.bias", inner)
    weights.matrix("ssm_x", rank + 2 * STATE_LENGTH, inner, shape.packing)
    weights.matrix("ssm_dt", inner, rank, Packing.F32)
    weights.ones("ssm_dt.bias", inner)
    weights.ones("ssm_a", inner, STATE_LENGTH)
    weights.ones("ssm_d", inner)
    weights.matrix("ssm_out", width, inner, shape.packing)


def _add_sizes(writer: GGUFWriter, shape: Shape) -> None:
    writer.add_name("synthetic")
    writer.add_context_length(shape.context_length)
    writer.add_embedding_length(shape.embedding)
    writer.add_block_count(shape.layers)
    writer.add_layer_norm_rms_eps(1e-5)
    if shape.architecture == "mamba":
        writer.add_ssm_inner_size(2 * shape.embedding)
        writer.add_ssm_state_size(STATE_LENGTH)
        writer.add_ssm_conv_kernel(CONVOLUTION_LENGTH)
        writer.add_ssm_time_step_rank(shape.embedding // 16)
        return
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_rope_dimension_count(shape.head)
    if shape.experts:
        writer.add_expert_count(shape.experts)
        writer.add_expert_used_count(2)
    if shape.window_tokens:
        writer.add_sliding_window(shape.window_tokens)


def _add_vocabulary(writer: GGUFWriter, shape: Shape) -> None:
    """Add SentencePiece with byte fallback: words that are all different, as long as real ones."""
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(_BYTE_TOKENS))]
    special += CHATML_SPECIALS
    words = [f"\u2581w{number:06x}" for number in range(shape.vocabulary - len(special))]
    kinds = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL]
    kinds += [TokenType.BYTE] * _BYTE_TOKENS + [TokenType.CONTROL] * len(CHATML_SPECIALS)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([*special, *words])
    writer.add_token_types([*kinds, *([TokenType.NORMAL] * len(words))])
    writer.add_token_scores([-float(rank) for rank in range(shape.vocabulary)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(CHATML)


def write_treacherous_model(path: Path) -> Path:
    """Write a model over whose header llama.cpp ends its process; returns `path`."""
    write_synthetic_model(path, Shape("qwen2", layers=1))
    key, kind = b"qwen2.rope.dimension_count", (4).to_bytes(4, "little")
    start = path.read_bytes()
    honest, false = (length.to_bytes(4, "little") for length in (64, 32))
    path.write_bytes(start.replace(key + kind + honest, key + kind + false))
    return path
