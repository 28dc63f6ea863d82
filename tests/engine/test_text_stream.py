import pytest

from desktop.engine.text_stream import TextStream

TEXTS = ("plain", "naïve", "日本語", "😀👩‍👩‍👧‍👦", "a😀b", "\u0000\n\t", "")


def feed(stream: TextStream, pieces: list[bytes]) -> list[str]:
    return [*map(stream.feed, pieces), stream.finish()]


def single_bytes(text: str) -> list[bytes]:
    return [bytes([byte]) for byte in text.encode()]


@pytest.mark.parametrize("text", TEXTS)
def test_a_character_over_several_tokens_comes_in_one_piece(text: str) -> None:
    shown = feed(TextStream(()), single_bytes(text))
    assert "".join(shown) == text
    assert all("\ufffd" not in piece for piece in shown)
    assert all(len(piece) <= 1 for piece in shown)


def test_an_incomplete_character_shows_only_at_the_end() -> None:
    stream = TextStream(())
    pieces = single_bytes("ok 😀")[:-1]
    assert "".join(map(stream.feed, pieces)) == "ok "
    assert stream.finish() == "\ufffd"


def test_bytes_that_are_no_text_become_replacement_characters() -> None:
    shown = feed(TextStream(()), [b"a\xff", b"\xc3", b"b"])
    assert "".join(shown) == "a\ufffd\ufffdb"


def test_text_is_passed_on_at_once_when_nothing_can_stop_it() -> None:
    stream = TextStream(())
    assert [stream.feed(b"Hel"), stream.feed(b"lo")] == ["Hel", "lo"]


@pytest.mark.parametrize(
    ("stop", "text", "shown"),
    [
        ("END", "before END after", "before "),
        ("END", "END at the start", ""),
        ("END", "at the very end END", "at the very end "),
        ("END", "E EN ENE ENDE", "E EN ENE "),
        ("aab", "aaab", "a"),
        ("abab", "ababab", ""),
        ("\nUser:", "Hi\nUser: and so on", "Hi"),
        ("日本", "これは日本です", "これは"),
        ("😀", "a😀b", "a"),
    ],
)
def test_a_stop_string_ends_the_text_however_the_tokens_fall(
    stop: str, text: str, shown: str
) -> None:
    data = text.encode()
    for size in range(1, len(data) + 1):
        stream = TextStream((stop,))
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        assert "".join(feed(stream, pieces)) == shown, size
        assert stream.is_stopped


def test_what_may_become_a_stop_string_is_held_back_until_it_is_known() -> None:
    stream = TextStream(("END",))
    assert stream.feed(b"fine E") == "fine "
    assert stream.feed(b"N") == ""
    assert stream.feed(b"X") == "ENX"
    assert not stream.is_stopped


def test_a_stop_string_that_stays_incomplete_is_text() -> None:
    stream = TextStream(("END",))
    assert stream.feed(b"the EN") == "the "
    assert stream.finish() == "EN"
    assert not stream.is_stopped


@pytest.mark.parametrize("stops", [("END", "stop"), ("stop", "END"), ("stop", "ENDING", "END")])
def test_of_several_stop_strings_the_first_in_the_text_counts(stops: tuple[str, ...]) -> None:
    assert "".join(feed(TextStream(stops), [b"a stop and an END"])) == "a "
    assert "".join(feed(TextStream(stops), [b"an ENDING and a stop"])) == "an "


def test_overlapping_stop_strings_hold_back_the_longer_beginning() -> None:
    stream = TextStream(("xyz!", "yzw"))
    assert stream.feed(b"a xyz") == "a "
    assert stream.feed(b"w") == "x"
    assert stream.is_stopped


def test_nothing_comes_after_a_stop() -> None:
    stream = TextStream(("END",))
    assert feed(stream, [b"a END", b"b", b"c"]) == ["a ", "", "", ""]


def test_an_empty_stop_string_stops_nothing() -> None:
    stream = TextStream(("",))
    assert "".join(feed(stream, [b"all of it"])) == "all of it"
    assert not stream.is_stopped
