"""What a model is, worked out from the header of its file."""

from desktop.core.cache_facts import cache_facts
from desktop.core.gguf_header import GgufHeader, GgufTensor
from desktop.core.local_model import ModelFacts
from desktop.core.quantization import quantization_name, tensor_bytes


def facts_from_header(header: GgufHeader, file_bytes: int) -> ModelFacts:
    """Work out the facts of a model.

    Args:
        header: Of the file; for a split model, of part 1 with the tensors of all parts.
        file_bytes: Size of the file, or of all parts.
    """
    architecture = header.text("general.architecture")
    cache = cache_facts(header)
    return ModelFacts(
        architecture=architecture,
        parameters=sum(tensor.elements for tensor in header.tensors),
        quantization=_quantization(header),
        file_bytes=file_bytes,
        weights_bytes=sum(tensor_bytes(tensor) for tensor in header.tensors),
        context_limit_tokens=header.integer(f"{architecture}.context_length"),
        kv_bytes_per_token=cache.kv_bytes_per_token,
        embedding_length=header.integer(f"{architecture}.embedding_length"),
        feed_forward_length=_feed_forward_length(header, architecture),
        vocabulary_tokens=header.count("tokenizer.ggml.tokens")
        or header.integer(f"{architecture}.vocab_size"),
        has_chat_template=bool(header.text("tokenizer.chat_template").strip()),
        license=header.text("general.license"),
        active_weights_bytes=_active_weights_bytes(header, architecture),
        windowed_kv_bytes_per_token=cache.windowed_kv_bytes_per_token,
        window_tokens=cache.window_tokens,
        state_bytes=cache.state_bytes,
    )


def _quantization(header: GgufHeader) -> str:
    is_stated = "general.file_type" in header.values
    file_type = header.integer("general.file_type") if is_stated else None
    return quantization_name(file_type, header.tensors)


def _feed_forward_length(header: GgufHeader, architecture: str) -> int:
    # Of a mixture of experts, those that work at the same time stand side by side.
    dense = max(header.integers(f"{architecture}.feed_forward_length"), default=0)
    used = header.integer(f"{architecture}.expert_used_count")
    expert = header.integer(f"{architecture}.expert_feed_forward_length")
    # Without a length of their own the experts have the stated one.
    return max(dense, expert * used) if expert else dense * max(used, 1)


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
