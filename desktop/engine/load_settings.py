"""How a model is loaded: the one place where llama.cpp's parameters are chosen.

The dry run and the test drive use what is chosen here, so they see what a real load would take.
"""

from dataclasses import dataclass

import llama_cpp

from desktop.core.local_model import ModelFacts
from desktop.core.memory_fit import MICRO_BATCH_TOKENS, batch_tokens
from desktop.core.weighing import KvType
from desktop.engine.backends import Device

_KV_TYPES = {KvType.F16: llama_cpp.GGML_TYPE_F16, KvType.Q8_0: llama_cpp.GGML_TYPE_Q8_0}


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """How a model is loaded.

    Attributes:
        context_tokens: Size of the context; the cache for all of it is allocated at once.
        threads: For decoding and for prompts.
        kv_type: How keys and values of the context are packed.
    """

    context_tokens: int
    threads: int
    kv_type: KvType = KvType.F16


def batch_tokens_on(device: Device, facts: ModelFacts) -> int:
    """Choose a batch whose largest matrix product is short enough for a prompt Cancel."""
    return MICRO_BATCH_TOKENS if device.is_gpu else batch_tokens(facts)


def context_parameters(
    facts: ModelFacts, settings: LoadSettings, device: Device
) -> llama_cpp.llama_context_params:
    """Return the parameters of the context for a model on a device."""
    parameters: llama_cpp.llama_context_params = llama_cpp.llama_context_default_params()
    parameters.n_ctx = settings.context_tokens
    parameters.n_batch = parameters.n_ubatch = batch_tokens_on(device, facts)
    # One row of logits: the default reserves a row for every token of a batch, half a
    # gigabyte with a large vocabulary.
    parameters.n_outputs_max = 1
    parameters.n_threads = parameters.n_threads_batch = settings.threads
    parameters.type_k = parameters.type_v = _KV_TYPES[settings.kv_type]
    return parameters
