"""What a model keeps of its context, worked out from the header of its file."""

from dataclasses import dataclass

from desktop.core.gguf_header import GgufArray, GgufHeader
from desktop.core.memory_fit import F16_BYTES, F32_BYTES

_MAX_LAYERS = 4096
_WINDOW_PATTERNS = {
    "afmoe": 4,
    "cohere2": 4,
    "exaone-moe": 4,
    "exaone4": 4,
    "gemma2": 2,
    "gemma3": 6,
    "gemma3n": 5,
    "gpt-oss": 2,
    "mellum": 4,
    "olmo2": 4,
    "plamo3": 8,
    "smallthinker": 4,
}
"""Of so many layers one looks back over everything, where the header does not say which."""


@dataclass(frozen=True, slots=True)
class CacheFacts:
    """Sizes of keys and values (16 bits) and of recurrent state; see `ModelFacts`."""

    kv_bytes_per_token: int
    windowed_kv_bytes_per_token: int
    window_tokens: int
    state_bytes: int


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one layer keeps; `kv_heads` is 0 for a layer without attention."""

    kv_heads: int
    is_windowed: bool
    is_recurrent: bool


def cache_facts(header: GgufHeader) -> CacheFacts:
    """Sum up what all layers keep.

    As `llama_hparams::n_embd_k_gqa`, `n_embd_v_gqa`, `n_embd_r` and `n_embd_s` of llama.cpp.
    """
    layers = _layers(header)
    window_tokens = _integer(header, "attention.sliding_window")
    windowed_heads = sum(layer.kv_heads for layer in layers if layer.is_windowed)
    head_bytes = _bytes_per_kv_head(header)
    latent_bytes = _latent_bytes(header)
    if latent_bytes:
        kv_bytes = latent_bytes * sum(1 for layer in layers if layer.kv_heads)
    else:
        kv_bytes = head_bytes * sum(layer.kv_heads for layer in layers)
    return CacheFacts(
        kv_bytes_per_token=kv_bytes,
        windowed_kv_bytes_per_token=head_bytes * windowed_heads,
        window_tokens=window_tokens if windowed_heads else 0,
        state_bytes=_state_bytes(header) * sum(1 for layer in layers if layer.is_recurrent),
    )


def _integer(header: GgufHeader, key: str, default: int = 0) -> int:
    return header.integer(f"{header.text('general.architecture')}.{key}", default)


def _integers(header: GgufHeader, key: str) -> tuple[int, ...]:
    return header.integers(f"{header.text('general.architecture')}.{key}")


def _layers(header: GgufHeader) -> list[_Layer]:
    count = min(_integer(header, "block_count"), _MAX_LAYERS)
    heads = _integers(header, "attention.head_count_kv") or _integers(
        header, "attention.head_count"
    )
    by_layer = list(heads) if len(heads) > 1 else list(heads or (0,)) * count
    # Every n-th layer has attention, the others are recurrent.
    interval = _integer(header, "full_attention_interval", 1)
    has_state = _state_bytes(header) > 0
    # Falcon H1 has both in every layer.
    always_recurrent = header.text("general.architecture") == "falcon-h1"
    layers = []
    for index, kv_heads in enumerate(by_layer[:count]):
        has_attention = kv_heads > 0 and (interval <= 1 or (index + 1) % interval == 0)
        layers.append(
            _Layer(
                kv_heads if has_attention else 0,
                has_attention and _is_windowed(header, index),
                has_state and (always_recurrent or not has_attention),
            )
        )
    return layers


def _is_windowed(header: GgufHeader, index: int) -> bool:
    architecture = header.text("general.architecture")
    if not _integer(header, "attention.sliding_window"):
        return False
    stated = header.values.get(f"{architecture}.attention.sliding_window_pattern")
    if isinstance(stated, GgufArray):
        return index < len(stated.items) and bool(stated.items[index])
    pattern = _integer(
        header, "attention.sliding_window_pattern", _WINDOW_PATTERNS.get(architecture, 1)
    )
    # Of models that are not in the table, llama.cpp ignores the window.
    return pattern > 1 and index % pattern != pattern - 1


def _bytes_per_kv_head(header: GgufHeader) -> int:
    widest = max(_integers(header, "attention.head_count"), default=0)
    length = _integer(header, "embedding_length") // widest if widest else 0
    key_length = _integer(header, "attention.key_length", length)
    return F16_BYTES * (key_length + _integer(header, "attention.value_length", length))


def _latent_bytes(header: GgufHeader) -> int:
    """Return the size of a row of latent attention, which keeps keys and values as one.

    0 for models with another kind of attention.
    """
    rank = _integer(header, "attention.kv_lora_rank")
    if not rank or not _integer(header, "attention.key_length_mla"):
        return 0
    return F16_BYTES * (rank + _integer(header, "rope.dimension_count"))


def _state_bytes(header: GgufHeader) -> int:
    """Return the state of one recurrent layer, of whatever kind; 0 if the model has none."""
    width = _integer(header, "embedding_length")
    wkv_head = _integer(header, "wkv.head_size")
    if wkv_head:
        return F32_BYTES * width * (_integer(header, "token_shift_count", 2) + wkv_head)
    short_convolution = _integer(header, "shortconv.l_cache")
    if short_convolution:
        return F32_BYTES * width * (short_convolution - 1)
    inner, state = _integer(header, "ssm.inner_size"), _integer(header, "ssm.state_size")
    convolved = inner + 2 * _integer(header, "ssm.group_count") * state
    window = max(_integer(header, "ssm.conv_kernel") - 1, 0)
    return F32_BYTES * (window * convolved + inner * state)
