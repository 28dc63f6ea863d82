"""Where the messages of a transcript start."""

from chat_messages import answer, prompt

from desktop.ui.chat.message_heights import GAP_PX, MessageHeights


def test_messages_stand_below_each_other_with_gaps() -> None:
    heights = MessageHeights((prompt(1), answer(2), prompt(3)))
    for index, height in enumerate((40, 300, 60)):
        heights.measure(index, height)
    assert [heights.top(index) for index in range(3)] == [
        GAP_PX,
        2 * GAP_PX + 40,
        3 * GAP_PX + 340,
    ]
    assert heights.total() == 4 * GAP_PX + 400


def test_the_message_at_a_height_is_found() -> None:
    heights = MessageHeights((prompt(1), answer(2)))
    heights.measure(0, 40)
    heights.measure(1, 300)
    assert heights.index_at(0) == 0
    assert heights.index_at(heights.top(1) - 1) == 0
    assert heights.index_at(heights.top(1)) == 1
    assert heights.index_at(10_000) == 1


def test_longer_messages_are_guessed_taller() -> None:
    short, long = answer(1, "a"), answer(2, "word " * 1000)
    heights = MessageHeights((short, long))
    assert heights.height(1) > heights.height(0) + 500
