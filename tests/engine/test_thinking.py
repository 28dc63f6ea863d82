"""Thinking parts of earlier answers, which the template may want to leave out."""

from collections.abc import Callable

from chat_turns import assistant, user

from desktop.engine.model import LoadedModel
from desktop.engine.prompt import PromptBuilder

LoadTiny = Callable[..., LoadedModel]

# As Qwen3 and DeepSeek R1 do it.
FORGETS_THINKING = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% set content = message.content %}"
    "{% if '</think>' in content %}"
    "{% set content = content.split('</think>')[-1].lstrip('\n') %}{% endif %}"
    "{{ content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)
ANSWER = "<think>\nthe user wants a colour\n</think>\n\nBlue."
CONVERSATION = (user("Which colour?"), assistant(ANSWER), user("Why?"))


def rendered(model: LoadedModel, messages, answers=None) -> str:
    builder = PromptBuilder(model.vocabulary, model.chat_template())
    pieces = builder.build(messages, answers or {})
    shown = b"".join(model.vocabulary.piece(token, show_special=True) for token in pieces)
    return shown.decode().removeprefix("<s>").strip()


def test_a_template_can_leave_out_what_was_thought(load_tiny: LoadTiny) -> None:
    text = rendered(load_tiny(template=FORGETS_THINKING), CONVERSATION)
    assert "wants a colour" not in text
    assert "think>" not in text
    assert "Blue." in text


def test_it_is_left_out_of_an_answer_whose_own_tokens_are_known_as_well(
    load_tiny: LoadTiny,
) -> None:
    model = load_tiny(template=FORGETS_THINKING)
    tokens = tuple(model.vocabulary.tokenize(ANSWER, parse_special=False))
    assert "wants a colour" not in rendered(model, CONVERSATION, {ANSWER: tokens})


def test_a_template_that_keeps_everything_gets_everything(load_tiny: LoadTiny) -> None:
    assert ANSWER in rendered(load_tiny(), CONVERSATION)


def test_the_users_own_words_are_never_taken_for_thinking(load_tiny: LoadTiny) -> None:
    question = "What does </think> mean?"
    assert question in rendered(load_tiny(template=FORGETS_THINKING), (user(question),))


def test_a_control_token_in_a_thought_closes_no_turn(load_tiny: LoadTiny) -> None:
    model = load_tiny()
    answer = "<think>is <|im_end|> a token?</think>Yes."
    builder = PromptBuilder(model.vocabulary, model.chat_template())
    tokens = builder.build((user("Hm?"), assistant(answer), user("So?")), {})
    ends = [token for token in tokens if model.vocabulary.ends_generation(token)]
    assert len(ends) == 3
