"""Chat templates as published models bring them, with the tokens they are made of."""

from dataclasses import dataclass

from tiny_model import CHATML, CHATML_SPECIALS, Tokenizer


@dataclass(frozen=True, slots=True)
class Family:
    """A way to write conversations; `options` are those of `write_tiny_model`."""

    template: str
    tokenizer: Tokenizer
    specials: tuple[str, ...] = ()
    end_of_turn: str = ""
    name: str = "tiny"
    refuses_system: bool = False

    @property
    def options(self) -> dict[str, object]:
        return {
            "template": self.template,
            "tokenizer": self.tokenizer,
            "specials": self.specials,
            "end_of_turn": self.end_of_turn,
            "name": self.name,
        }


_QWEN = (
    "{% if messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}" + CHATML
)
_LLAMA_3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'"
    " + message['content'] | trim + '<|eot_id|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}"
    "{{ content }}{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)
_GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate') }}{% endif %}"
    "{% if (message['role'] == 'assistant') %}{% set role = 'model' %}"
    "{% else %}{% set role = message['role'] %}{% endif %}"
    "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)
_MISTRAL = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate') }}{% endif %}"
    "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}"
    "{% else %}{{ raise_exception('Only user and assistant roles are supported') }}{% endif %}"
    "{% endfor %}"
)
_LLAMA_2 = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
    "{% set system_message = messages[0]['content'] %}"
    "{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    "{% for message in loop_messages %}"
    "{% if loop.index0 == 0 and system_message != false %}"
    "{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}"
    "{% if message['role'] == 'user' %}"
    "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}"
    "{% endif %}{% endfor %}"
)
_PHI_3 = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content']"
    " + '<|end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}"
)
_VICUNA = (
    "{% for message in messages %}{% if message['role'] == 'system' %}"
    "{{ message['content'] + ' ' }}{% elif message['role'] == 'user' %}"
    "{{ 'USER: ' + message['content'] + ' ' }}{% else %}"
    "{{ 'ASSISTANT: ' + message['content'] + eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}"
)
_INSTRUCTION_TOKENS = ("[INST]", "[/INST]")
_PHI_3_TOKENS = ("<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>")
_LLAMA_3_TOKENS = ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")
_GEMMA_TOKENS = ("<start_of_turn>", "<end_of_turn>")

FAMILIES = {
    "chatml": Family(CHATML, "gpt2", CHATML_SPECIALS, "<|im_end|>"),
    "chatml with pieces": Family(CHATML, "llama", CHATML_SPECIALS, "<|im_end|>"),
    "qwen": Family(_QWEN, "gpt2", CHATML_SPECIALS, "<|im_end|>"),
    "llama 3": Family(_LLAMA_3, "gpt2", _LLAMA_3_TOKENS, "<|eot_id|>"),
    "gemma": Family(_GEMMA, "llama", _GEMMA_TOKENS, refuses_system=True),
    "mistral": Family(_MISTRAL, "llama", refuses_system=True),
    "mistral with tokens": Family(_MISTRAL, "gpt2", _INSTRUCTION_TOKENS, refuses_system=True),
    "llama 2": Family(_LLAMA_2, "llama"),
    "phi 3": Family(_PHI_3, "llama", _PHI_3_TOKENS, "<|end|>", name="phi-3"),
    "vicuna": Family(_VICUNA, "llama"),
}
