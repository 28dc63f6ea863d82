"""From a conversation to tokens, by the model's own chat template.

The template is rendered with a placeholder in the place of every message, so that what is scaffold
and what is text stays known: control tokens are recognised in the scaffold only. Text that was
pasted into a message can look like ``<|im_end|>`` as much as it likes; it never closes a turn.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from jinja2 import TemplateError
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from desktop.core.conversation import ChatMessage, Role
from desktop.core.errors import AppError
from desktop.engine.time_limit import TimeLimitReachedError, time_limit
from desktop.engine.vocabulary import SpecialToken, TokenAttribute, Vocabulary

TEMPLATE_LIMIT_S = 5.0

PLAIN_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message.role == 'system' %}{{ message.content }}\n\n"
    "{% elif message.role == 'user' %}User: {{ message.content }}\n"
    "{% else %}Assistant: {{ message.content }}\n{% endif %}"
    "{% endfor %}Assistant:"
)
"""Stands in for a model that brings no template: who speaks, a colon, and the words."""
PLAIN_STOP_STRINGS = ("\nUser:",)

_THINKING_END = "</think>"
_THINKING_TAG = re.compile("(</?think>)")

Answers = Mapping[str, tuple[int, ...]]
"""Answers generated before, and the very tokens they consist of."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the rendered prompt: scaffold, or the text of one message."""

    text: str
    is_message: bool
    tokens: tuple[int, ...] | None = None


class PromptBuilder:
    """Turns conversations into tokens for one model."""

    def __init__(self, vocabulary: Vocabulary, template: str | None) -> None:
        self.has_template = template is not None
        self._vocabulary = vocabulary
        self._template = PLAIN_TEMPLATE if template is None else template
        self._render: Callable[[list[dict[str, str]]], str] | None = None

    @property
    def stop_strings(self) -> tuple[str, ...]:
        """Where an answer ends besides the model's own end-of-turn tokens."""
        return () if self.has_template else PLAIN_STOP_STRINGS

    def build(self, messages: tuple[ChatMessage, ...], answers: Answers) -> list[int]:
        """Return the tokens of the whole conversation, up to where the answer begins.

        Args:
            messages: The turns, oldest first; the last one is the user's.
            answers: Known answers, whose own tokens are used instead of tokenising their text,
                so that the context they left in the cache is found again.

        Raises:
            AppError: The template fails, takes over 5 s or leaves out the last message.
        """
        turns, texts = _turns(messages, answers)
        try:
            with time_limit(TEMPLATE_LIMIT_S):
                rendered = self._rendered(turns)
        except TimeLimitReachedError:
            raise _template_error(f"it ran for more than {TEMPLATE_LIMIT_S:.0f} seconds") from None
        if not all(marker in rendered for marker in list(texts)[-1:]):
            raise _template_error("it leaves out the last message")
        return self._tokenize(_split(rendered, texts))

    def _rendered(self, turns: list[dict[str, str]]) -> str:
        try:
            if self._render is None:
                self._render = self._compile()
            try:
                return self._render(turns)
            except (TemplateError, ValueError):
                # Templates such as Gemma's refuse a system turn, and two turns of the user in a
                # row, as they come about when an answer was stopped before its first word.
                return self._render(_simplified(turns))
        except (TemplateError, ValueError, TypeError, LookupError, ArithmeticError) as error:
            raise _template_error(str(error)) from error
        except (RecursionError, MemoryError) as error:
            raise _template_error(type(error).__name__) from error

    def _compile(self) -> Callable[[list[dict[str, str]]], str]:
        formatter = Jinja2ChatFormatter(
            template=self._template,
            eos_token=self._vocabulary.text(self._vocabulary.eos_id),
            bos_token=self._vocabulary.text(self._vocabulary.bos_id),
        )

        def render(turns: list[dict[str, str]]) -> str:
            return formatter(messages=turns).prompt  # type: ignore[arg-type]  # a TypedDict union

        return render

    def _tokenize(self, parts: list[_Part]) -> list[int]:
        tokens: list[int] = []
        run: list[_Part] = []
        for item in self._items(parts):
            if isinstance(item, _Part):
                run.append(item)
                continue
            tokens += self._tokenize_run(run)
            tokens.append(item.id)
            run = []
        tokens += self._tokenize_run(run)
        has_bos = tokens[:1] == [self._vocabulary.bos_id]
        if self._vocabulary.adds_bos and not has_bos:
            tokens.insert(0, self._vocabulary.bos_id)
        return tokens

    def _items(self, parts: list[_Part]) -> list[_Part | SpecialToken]:
        """Cut the scaffold at its special tokens; message texts are never cut."""
        items: list[_Part | SpecialToken] = []
        for part in parts:
            if part.is_message:
                items.append(part)
            else:
                items += self._scaffold_items(part.text)
        return items

    def _scaffold_items(self, text: str) -> list[_Part | SpecialToken]:
        items: list[_Part | SpecialToken] = []
        strip_left = False
        position = 0

        def add_plain(plain: str) -> None:
            plain = plain.lstrip() if strip_left else plain
            if plain:
                items.append(_Part(plain, is_message=False))

        for token in self._vocabulary.tokenize(text, parse_special=True):
            special = self._vocabulary.special(token)
            found = text.find(special.text, position) if special and special.text else -1
            if special is None or found < 0:
                continue
            add_plain(text[position:found])
            items.append(special)
            strip_left = bool(special.attributes & TokenAttribute.STRIP_RIGHT)
            position = found + len(special.text)
        add_plain(text[position:])
        return items

    def _tokenize_run(self, run: list[_Part]) -> list[int]:
        """Tokenise what lies between two special tokens, in one piece where that is possible."""
        tokens: list[int] = []
        text = ""
        for part in run:
            if part.tokens is None:
                text += part.text
                continue
            tokens += self._tokenize_text(text, continues=bool(tokens))
            tokens += part.tokens
            text = ""
        return tokens + self._tokenize_text(text, continues=bool(tokens))

    def _tokenize_text(self, text: str, *, continues: bool) -> list[int]:
        if not text:
            return []
        tokens = self._vocabulary.tokenize_text(text, continues=continues)
        # Some files declare their end-of-turn tokens as user-defined, and llama.cpp finds those in
        # any text: cut each such word after its first character and tokenise the pieces.
        specials = filter(None, map(self._vocabulary.special, set(tokens)))
        words = [re.escape(special.text) for special in specials if self._is_structural(special)]
        if not words:
            return tokens
        cuts = [match.start() + 1 for match in re.finditer("|".join(words), text)]
        if not cuts:
            return tokens
        # Again for the pieces: without a longer word, one inside it may come to light.
        return [
            token
            for start, end in pairwise([0, *cuts, len(text)])
            for token in self._tokenize_text(text[start:end], continues=continues or start > 0)
        ]

    def _is_structural(self, special: SpecialToken) -> bool:
        is_word = len(special.text.strip()) > 2
        # A template may put its tokens together, such as '<|' + role + '|>'.
        is_marker = special.text.startswith("<|") and special.text.endswith("|>")
        in_scaffold = is_marker or special.text in self._template
        return is_word and (in_scaffold or self._vocabulary.ends_generation(special.id))


def _placeholder() -> str:
    # Letters and digits only: no template or tokenizer treats them specially, and nobody can
    # write one into a message in advance.
    return f"x{secrets.token_hex(16)}x"


def _turns(
    messages: tuple[ChatMessage, ...], answers: Answers
) -> tuple[list[dict[str, str]], dict[str, _Part]]:
    """Write the messages with placeholders, and tell which text each of them stands for."""
    texts: dict[str, _Part] = {}
    turns = []
    for message in messages:
        content = ""
        for part in _parts_of(message, answers):
            if part.is_message:
                marker = _placeholder()
                texts[marker] = part
                content += marker
            else:
                content += part.text
        turns.append({"role": message.role.value, "content": content})
    return turns, texts


def _parts_of(message: ChatMessage, answers: Answers) -> list[_Part]:
    """Cut a message into its text and what the template has to see of it.

    That is the white space around the text, which some templates strip, and the tags around the
    thinking part of an answer, by which they leave the thinking of earlier turns out.
    """
    is_answer = message.role is Role.ASSISTANT
    pieces = [message.text]
    if is_answer and _THINKING_END in message.text:
        pieces = _THINKING_TAG.split(message.text)
    elif is_answer and message.text in answers:
        return [_Part(message.text, is_message=True, tokens=answers[message.text])]
    parts = []
    for piece in pieces:
        core = "" if _THINKING_TAG.fullmatch(piece) else piece.strip()
        before, _, after = piece.partition(core) if core else (piece, "", "")
        parts += [
            _Part(before, is_message=False),
            _Part(core, is_message=True),
            _Part(after, is_message=False),
        ]
    return [part for part in parts if part.text]


def _simplified(turns: list[dict[str, str]]) -> list[dict[str, str]]:
    """Let the user say what a system turn says, and join neighbours of the same speaker."""
    joined: list[dict[str, str]] = []
    for turn in turns:
        role, content = turn["role"], turn["content"]
        if role == Role.SYSTEM.value:
            role = Role.USER.value
        if joined and joined[-1]["role"] == role:
            content = f"{joined.pop()['content']}\n\n{content}"
        joined.append({"role": role, "content": content})
    return joined


def _split(rendered: str, texts: dict[str, _Part]) -> list[_Part]:
    if not texts:
        return [_Part(rendered, is_message=False)]
    parts = []
    position = 0
    for match in re.finditer("|".join(texts), rendered):
        parts.append(_Part(rendered[position : match.start()], is_message=False))
        parts.append(texts[match.group()])
        position = match.end()
    parts.append(_Part(rendered[position:], is_message=False))
    return [part for part in parts if part.text]


def _template_error(reason: str) -> AppError:
    return AppError(
        "The model's chat template failed",
        f"The template that came with this model cannot write this conversation: {reason}.",
        "Choose another model, or start a new chat with it.",
    )
