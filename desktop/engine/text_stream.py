"""Text out of tokens as it grows: no character split, no stop string let through."""

import codecs


class TextStream:
    """Decodes the pieces of tokens and holds back what may become a stop string."""

    def __init__(self, stop_strings: tuple[str, ...]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stop_strings = tuple(text for text in stop_strings if text)
        self._held = ""
        self.is_stopped = False

    def feed(self, piece: bytes) -> str:
        """Take the bytes of a token and return the text that is certain by now."""
        self._held += self._decoder.decode(piece)
        return self._release()

    def finish(self) -> str:
        """Return what was held back; an incomplete character becomes U+FFFD."""
        self._held += self._decoder.decode(b"", final=True)
        text = self._release()
        if not self.is_stopped:
            text += self._held
            self._held = ""
        return text

    def _release(self) -> str:
        if self.is_stopped:
            return ""
        if not self._stop_strings:
            text, self._held = self._held, ""
            return text
        found = [at for stop in self._stop_strings if (at := self._held.find(stop)) >= 0]
        if found:
            self.is_stopped = True
            text, self._held = self._held[: min(found)], ""
            return text
        keep = max((self._overlap(stop) for stop in self._stop_strings), default=0)
        cut = len(self._held) - keep
        text, self._held = self._held[:cut], self._held[cut:]
        return text

    def _overlap(self, stop: str) -> int:
        """Return how many characters at the end of the text could begin the stop string."""
        for length in range(min(len(stop) - 1, len(self._held)), 0, -1):
            if self._held.endswith(stop[:length]):
                return length
        return 0
