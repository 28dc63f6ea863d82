"""GGUF files of a few hundred bytes, whole or broken, made in the test that needs them."""

import struct
from dataclasses import dataclass, field

F32, Q4_0, Q8_0 = 0, 2, 8
ALIGNMENT_BYTES = 32


@dataclass
class TinyGguf:
    """A GGUF file to be: change what the test is about, then take `header` or `whole`."""

    values: dict[str, object] = field(default_factory=dict)
    tensors: list[tuple[str, tuple[int, ...], int, int]] = field(default_factory=list)
    """Name, shape, number of the type, size in bytes."""
    version: int = 3

    def header(self) -> bytes:
        """Everything before the tensor data, padded."""
        parts = [b"GGUF", struct.pack("<IQQ", self.version, len(self.tensors), len(self.values))]
        parts += [text(key) + value(item) for key, item in self.values.items()]
        offset_bytes = 0
        for name, shape, type_id, size_bytes in self.tensors:
            parts.append(text(name) + struct.pack("<I", len(shape)))
            parts.append(struct.pack(f"<{len(shape)}QIQ", *shape, type_id, offset_bytes))
            offset_bytes += -(-size_bytes // ALIGNMENT_BYTES) * ALIGNMENT_BYTES
        joined = b"".join(parts)
        return joined + bytes(-len(joined) % ALIGNMENT_BYTES)

    def whole(self) -> bytes:
        """The file with all its (empty) tensor data."""
        sizes = [size_bytes for _, _, _, size_bytes in self.tensors]
        padded = sum(-(-size // ALIGNMENT_BYTES) * ALIGNMENT_BYTES for size in sizes)
        return self.header() + bytes(padded)


def llama() -> TinyGguf:
    """A chat model with two layers of width 64, a vocabulary of three and a template."""
    return TinyGguf(
        values={
            "general.architecture": "llama",
            "general.file_type": 2,
            "general.license": "mit",
            "llama.block_count": 2,
            "llama.context_length": 2048,
            "llama.embedding_length": 64,
            "llama.feed_forward_length": 128,
            "llama.attention.head_count": 4,
            "llama.attention.head_count_kv": 2,
            "tokenizer.ggml.tokens": ["a", "b", "c"],
            "tokenizer.chat_template": "{{ messages }}",
        },
        tensors=[
            ("token_embd.weight", (64, 3), F32, 768),
            ("blk.0.ffn_up.weight", (64, 128), Q4_0, 4608),
            ("output.weight", (64, 3), F32, 768),
        ],
    )


def text(content: str | bytes) -> bytes:
    """A string as the format writes it."""
    encoded = content.encode() if isinstance(content, str) else content
    return struct.pack("<Q", len(encoded)) + encoded


def value(content: object) -> bytes:
    """A value with its type in front."""
    type_id, written = _typed(content)
    return struct.pack("<I", type_id) + written


def _typed(content: object) -> tuple[int, bytes]:
    match content:
        case bool():
            return 7, struct.pack("<?", content)
        case int():
            return 4, struct.pack("<I", content)
        case float():
            return 6, struct.pack("<f", content)
        case str():
            return 8, text(content)
        case list():
            items = [_typed(item) for item in content]
            item_type = items[0][0] if items else 4
            count = struct.pack("<IQ", item_type, len(items))
            return 9, count + b"".join(written for _, written in items)
    raise TypeError(content)
