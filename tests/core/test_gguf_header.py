import io
import random
import struct
import time

import pytest
import tiny_gguf

from desktop.core.gguf_header import (
    KEPT_ARRAY_ITEMS,
    GgufArray,
    GgufError,
    GgufFault,
    GgufType,
    read_header,
    read_listing,
)


def header_of(content: bytes):
    return read_header(io.BytesIO(content))


def fault_of(content: bytes) -> GgufFault:
    with pytest.raises(GgufError) as caught:
        header_of(content)
    return caught.value.fault


def with_one_key(type_and_value: bytes) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + tiny_gguf.text("k") + type_and_value


def test_a_header_gives_its_keys_and_its_tensors():
    header = header_of(tiny_gguf.llama().whole())
    assert header.text("general.architecture") == "llama"
    assert header.integer("llama.block_count") == 2
    assert header.count("tokenizer.ggml.tokens") == 3
    assert header.tensors[1].name == "blk.0.ffn_up.weight"
    assert header.tensors[1].shape == (64, 128)
    assert header.tensors[1].elements == 64 * 128
    assert header.data_start_bytes == len(tiny_gguf.llama().header())


@pytest.mark.parametrize(
    ("type_id", "form", "number"),
    [
        (GgufType.UINT8, "B", 200),
        (GgufType.INT8, "b", -3),
        (GgufType.UINT16, "H", 60_000),
        (GgufType.INT16, "h", -300),
        (GgufType.UINT32, "I", 4_000_000_000),
        (GgufType.INT32, "i", -70_000),
        (GgufType.FLOAT32, "f", 0.5),
        (GgufType.BOOL, "?", True),
        (GgufType.UINT64, "Q", 1 << 60),
        (GgufType.INT64, "q", -(1 << 60)),
        (GgufType.FLOAT64, "d", 0.1),
    ],
)
def test_every_scalar_type_is_read(type_id: GgufType, form: str, number: float):
    content = with_one_key(struct.pack(f"<I{form}", type_id, number))
    assert header_of(content).values == {"k": number}


def test_version_2_is_read_as_version_3():
    model = tiny_gguf.llama()
    model.version = 2
    assert header_of(model.whole()).version == 2


def test_the_listing_stops_before_the_vocabulary():
    content = tiny_gguf.llama().whole()
    cut = content[: content.index(b"tokenizer.ggml.tokens") + 21]
    listing = read_listing(io.BytesIO(cut))
    assert listing.text("general.license") == "mit"
    assert listing.tensor_count == 3
    assert "tokenizer.chat_template" not in listing.values


def test_the_items_of_long_arrays_are_passed_over_but_counted():
    count = 300_000
    model = tiny_gguf.llama()
    model.values = {
        "tokenizer.ggml.tokens": [f"token {number}" for number in range(count)],
        "tokenizer.ggml.scores": [1.0] * count,
        "short": [1, 2, 3],
        "after": 7,
    }
    header = header_of(model.whole())
    assert header.values["tokenizer.ggml.tokens"] == GgufArray(GgufType.STRING, count, ())
    assert header.count("tokenizer.ggml.scores") == count
    assert header.integers("short") == (1, 2, 3)
    assert header.integer("after") == 7
    assert len(header.tensors) == 3


def test_a_long_string_that_crosses_the_window_is_passed_over():
    model = tiny_gguf.TinyGguf({"a": ["x" * 5000] * (KEPT_ARRAY_ITEMS + 1), "after": 7})
    assert header_of(model.whole()).integer("after") == 7


def test_a_vocabulary_of_256k_is_read_quickly():
    model = tiny_gguf.TinyGguf({"t": [str(number) for number in range(262_144)]})
    content = model.whole()
    start_s = time.perf_counter()
    header_of(content)
    # Usually 50 ms; the test machine may be busy.
    assert time.perf_counter() - start_s < 1.5


def test_text_that_is_not_utf8_does_not_spoil_the_rest():
    content = with_one_key(struct.pack("<I", 8) + tiny_gguf.text(b"\xff\xfeA"))
    assert header_of(content).text("k").endswith("A")


def test_accessors_do_not_confuse_types():
    model = tiny_gguf.TinyGguf({"text": "5", "flag": True, "number": 5})
    header = header_of(model.whole())
    assert header.integer("text", 9) == 9
    assert header.integer("flag", 9) == 9
    assert header.text("number") == ""
    assert header.integers("number") == (5,)
    assert header.integers("missing") == ()
    assert header.count("number") == 0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", GgufFault.TRUNCATED),
        (b"<html><body>", GgufFault.NOT_GGUF),
        (b"GGUF\x03", GgufFault.TRUNCATED),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), GgufFault.VERSION),
        (b"GGUF" + struct.pack("<IQQ", 9, 0, 0), GgufFault.VERSION),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), GgufFault.BIG_ENDIAN),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), GgufFault.MALFORMED),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), GgufFault.MALFORMED),
        (with_one_key(struct.pack("<I", 13)), GgufFault.MALFORMED),
        (with_one_key(struct.pack("<IQ", 8, 1 << 60)), GgufFault.MALFORMED),
        (with_one_key(struct.pack("<IIQ", 9, 4, 1 << 60)), GgufFault.MALFORMED),
        (with_one_key(struct.pack("<IIQ", 9, 9, 1)), GgufFault.MALFORMED),
        (with_one_key(struct.pack("<IIQ", 9, 4, 1 << 20)), GgufFault.TRUNCATED),
        (with_one_key(struct.pack("<IIQ", 9, 8, 1 << 20)), GgufFault.TRUNCATED),
    ],
)
def test_a_length_that_cannot_be_is_refused(content: bytes, fault: GgufFault):
    assert fault_of(content) is fault


def test_a_tensor_with_too_many_dimensions_is_refused():
    model = tiny_gguf.TinyGguf(tensors=[("t", (1, 1, 1, 1, 1), 0, 4)])
    assert fault_of(model.whole()) is GgufFault.MALFORMED


def test_a_tensor_of_impossible_size_is_refused():
    model = tiny_gguf.TinyGguf(tensors=[("t", (1 << 40, 1 << 40), 0, 4)])
    assert fault_of(model.whole()) is GgufFault.MALFORMED


def test_a_key_that_appears_twice_is_refused():
    key = tiny_gguf.text("k") + tiny_gguf.value(1)
    assert fault_of(b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + key + key) is GgufFault.MALFORMED


@pytest.mark.parametrize("alignment", [0, 1 << 30, "32"])
def test_an_alignment_that_makes_no_sense_is_refused(alignment: object):
    model = tiny_gguf.TinyGguf({"general.alignment": alignment})
    assert fault_of(model.whole()) is GgufFault.MALFORMED


def test_the_alignment_moves_the_start_of_the_data():
    model = tiny_gguf.TinyGguf({"general.alignment": 256})
    assert header_of(model.whole()).data_start_bytes == 256


def test_damaged_headers_are_read_or_refused_but_never_anything_else():
    chance = random.Random(7)  # noqa: S311 (the same damage in every run)
    whole = tiny_gguf.llama().header()
    outcomes = set()
    for _ in range(3000):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(4, len(damaged))] = chance.choice((0, 1, 0x7F, 0xFF))
        content = bytes(damaged[: chance.randint(4, len(damaged))])
        try:
            header_of(content)
        except GgufError as error:
            outcomes.add(error.fault)
    assert {GgufFault.TRUNCATED, GgufFault.MALFORMED} <= outcomes
