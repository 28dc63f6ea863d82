"""The chain that draws the next token, all of it in C."""

import secrets

import llama_cpp

from desktop.core.generation import SamplingSettings


class Sampler:
    """A llama.cpp sampler chain for one answer; close it when the answer is done.

    Only generated tokens are penalised for repetition, not the prompt: the tokens that end a turn
    are part of every prompt, and a penalty on them makes models talk on.
    """

    def __init__(self, settings: SamplingSettings, vocabulary_size: int) -> None:
        self.seed = secrets.randbits(31) if settings.seed is None else settings.seed
        self._vocabulary_size = vocabulary_size
        self._chain = llama_cpp.llama_sampler_chain_init(
            llama_cpp.llama_sampler_chain_default_params()
        )
        for stage in self._stages(settings):
            llama_cpp.llama_sampler_chain_add(self._chain, stage)

    def sample(self, context: llama_cpp.llama_context_p) -> int:
        """Draw a token from the logits of the last decoded one, and remember it."""
        return int(llama_cpp.llama_sampler_sample(self._chain, context, -1))

    def close(self) -> None:
        """Free the chain."""
        llama_cpp.llama_sampler_free(self._chain)

    def _stages(self, settings: SamplingSettings) -> "list[llama_cpp.llama_sampler_p]":
        stages = []
        penalises = settings.repeat_penalty != 1.0 and settings.repeat_last_tokens > 0
        if penalises:
            pushes_down = settings.repeat_penalty > 1.0
            if pushes_down and settings.temperature > 0 and settings.top_k > 0:
                # A penalty looks up every candidate in a hash map. It can only push down the few
                # tokens it knows, so the top k afterwards are among the top k + n before.
                wider = settings.top_k + settings.repeat_last_tokens
                stages.append(llama_cpp.llama_sampler_init_top_k(wider))
            stages.append(
                llama_cpp.llama_sampler_init_penalties(
                    self._vocabulary_size,
                    settings.repeat_last_tokens,
                    settings.repeat_penalty,
                    0.0,
                    0.0,
                )
            )
        if settings.temperature <= 0:
            return [*stages, llama_cpp.llama_sampler_init_greedy()]
        return [
            *stages,
            llama_cpp.llama_sampler_init_top_k(settings.top_k),
            llama_cpp.llama_sampler_init_top_p(settings.top_p, 1),
            llama_cpp.llama_sampler_init_min_p(settings.min_p, 1),
            llama_cpp.llama_sampler_init_temp(settings.temperature),
            llama_cpp.llama_sampler_init_dist(self.seed),
        ]
