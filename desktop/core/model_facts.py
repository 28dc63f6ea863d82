"""What a model is, worked out from the header of its file."""

from desktop.core.gguf_header import GgufHeader, GgufTensor
from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import F16_BYTES
from desktop.core.quantization import quantization_name, tensor_bytes


def facts_from_header(header: GgufHeader, file_bytes: int) -> ModelFacts:
    """Work out the facts of a model.

    Args:
        header: Of the file; for a split model, of part 1 with the tensors of all parts.
        file_bytes: Size of the file, or of all parts.
    """
    architecture = header.text("general.architecture")
    return ModelFacts(
        architecture=architecture,
        parameters=sum(tensor.elements for tensor in header.tensors),
        quantization=_quantization(header),
        file_bytes=file_bytes,
        weights_bytes=sum(tensor_bytes(tensor) for tensor in header.tensors),
        context_limit_tokens=header.integer(f"{architecture}.context_length"),
        kv_bytes_per_token=_kv_bytes_per_token(header, architecture),
        embedding_length=header.integer(f"{architecture}.embedding_length"),
        feed_forward_length=_feed_forward_length(header, architecture),
        vocabulary_tokens=header.count("tokenizer.ggml.tokens")
        or header.integer(f"{architecture}.vocab_size"),
        has_chat_template=bool(header.text("tokenizer.chat_template").strip()),
        license=header.text("general.license"),
        active_weights_bytes=_active_weights_bytes(header, architecture),
    )


def _quantization(header: GgufHeader) -> str:
    is_stated = "general.file_type" in header.values
    file_type = header.integer("general.file_type") if is_stated else None
    return quantization_name(file_type, header.tensors)


def _feed_forward_length(header: GgufHeader, architecture: str) -> int:
    # Of a mixture of experts, those that work at the same time stand side by side.
    dense = max(header.integers(f"{architecture}.feed_forward_length"), default=0)
    expert = header.integer(f"{architecture}.expert_feed_forward_length")
    return max(dense, expert * header.integer(f"{architecture}.expert_used_count"))


def _active_weights_bytes(header: GgufHeader, architecture: str) -> int:
    experts = header.integer(f"{architecture}.expert_count")
    used = min(header.integer(f"{architecture}.expert_used_count"), experts)
    has_output = any(tensor.name == "output.weight" for tensor in header.tensors)
    return sum(
        _active_bytes(tensor, experts, used, has_output=has_output) for tensor in header.tensors
    )


def _active_bytes(tensor: GgufTensor, experts: int, used: int, *, has_output: bool) -> int:
    size_bytes = tensor_bytes(tensor)
    if tensor.name == "token_embd.weight" and has_output:
        # One row of the table is read; without an output matrix the table serves as one.
        return 0
    if "_exps." in tensor.name and experts and used:
        return size_bytes * used // experts
    return size_bytes


def _kv_bytes_per_token(header: GgufHeader, architecture: str) -> int:
    """Sum up keys and values of one token in 16 bits over the layers that have a cache.

    As `llama_hparams::n_embd_k_gqa` and `n_embd_v_gqa` of llama.cpp. Layers with a sliding window
    count in full, which errs on the large side.
    """
    attention = f"{architecture}.attention"
    head_counts = header.integers(f"{attention}.head_count")
    widest = max(head_counts, default=0)
    head_length = header.integer(f"{architecture}.embedding_length") // widest if widest else 0
    key_length = header.integer(f"{attention}.key_length", head_length)
    value_length = header.integer(f"{attention}.value_length", head_length)
    kv_heads = _kv_heads_by_layer(header, architecture, head_counts)
    rank = header.integer(f"{attention}.kv_lora_rank")
    if rank and f"{attention}.key_length_mla" in header.values:
        # Latent attention keeps one compressed row for keys and values together.
        width = rank + header.integer(f"{architecture}.rope.dimension_count")
        return F16_BYTES * width * sum(1 for heads in kv_heads if heads)
    return F16_BYTES * (key_length + value_length) * sum(kv_heads)


def _kv_heads_by_layer(
    header: GgufHeader, architecture: str, head_counts: tuple[int, ...]
) -> list[int]:
    layers = min(header.integer(f"{architecture}.block_count"), 4096)
    counts = header.integers(f"{architecture}.attention.head_count_kv") or head_counts or (0,)
    by_layer = list(counts) if len(counts) > 1 else list(counts) * layers
    # Every n-th layer has attention, the others are recurrent and have no cache that grows.
    interval = header.integer(f"{architecture}.full_attention_interval", 1)
    if interval > 1:
        return [heads for layer, heads in enumerate(by_layer, start=1) if layer % interval == 0]
    return by_layer[:layers]
