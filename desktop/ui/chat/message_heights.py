"""How tall the messages of a transcript are: estimated until they have been seen."""

from itertools import accumulate

from desktop.core.conversation import Message, Role

GAP_PX = 24
"""Between messages, and above the first and below the last."""

_PROMPT_PX, _ANSWER_PX = 42, 80
_PX_PER_CHARACTER, _PX_PER_LINE = 0.22, 14


class MessageHeights:
    """Knows where every message starts, in pixels from the top of the transcript."""

    def __init__(self, messages: tuple[Message, ...]) -> None:
        self._heights = [estimate_height(message) for message in messages]

    def append(self, message: Message) -> None:
        """Take one more message at the end."""
        self._heights.append(estimate_height(message))

    def measure(self, index: int, height: int) -> None:
        """Note how tall a message is."""
        self._heights[index] = height

    def height(self, index: int) -> int:
        """Return the height of a message."""
        return self._heights[index]

    def total(self) -> int:
        """Return the height of the whole transcript."""
        return GAP_PX + sum(self._heights) + GAP_PX * len(self._heights)

    def top(self, index: int) -> int:
        """Return where a message starts."""
        return GAP_PX + sum(self._heights[:index]) + GAP_PX * index

    def index_at(self, y: int) -> int:
        """Return the message at a height, or the nearest one; a gap belongs to the one above."""
        ends = accumulate((height + GAP_PX for height in self._heights), initial=GAP_PX)
        next(ends)
        for index, end in enumerate(ends):
            if y < end:
                return index
        return max(0, len(self._heights) - 1)


def estimate_height(message: Message) -> int:
    """Guess from the number of characters and lines."""
    frame = _ANSWER_PX if message.role is Role.ASSISTANT else _PROMPT_PX
    words = len(message.text) * _PX_PER_CHARACTER + message.text.count("\n") * _PX_PER_LINE
    return frame + int(words)
