import io
import struct

import pytest
import tiny_gguf

from desktop.core.gguf_header import GgufError, read_header
from desktop.core.model_problem import (
    SplitPart,
    missing_parts,
    problem_of_data,
    problem_of_error,
    problem_of_kind,
    problem_of_start,
    split_part,
)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS pointer"),
        (b"\n<!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf<html lang='en'>", "web page"),
        (b"PK\x03\x04....", "ZIP archive"),
        (struct.pack("<Q", 900) + b'{"__metadata__"', "safetensors"),
        (b"ggjt....", "older than GGUF"),
        (b"lmgg....", "older than GGUF"),
        (b"FUGG....", "big-endian"),
        (b"anything", "some other format"),
    ],
)
def test_what_a_file_is_instead_of_a_model_is_named(start: bytes, words: str):
    problem = problem_of_start(start, "m.gguf")
    assert problem is not None
    assert words in problem.sentence()
    assert problem.next_step


def test_a_file_that_begins_as_gguf_has_no_problem_yet():
    assert problem_of_start(b"GGUF\x03\0\0\0", "m.gguf") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GGUF\x03", "incomplete"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "another kind of machine"),
        (b"GGUF" + struct.pack("<IQQ", 7, 0, 0), "version 7"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 50, 0), "damaged"),
    ],
)
def test_a_header_that_cannot_be_read_is_explained(content: bytes, words: str):
    with pytest.raises(GgufError) as caught:
        read_header(io.BytesIO(content))
    assert words in problem_of_error(caught.value, "m.gguf").sentence()


def test_a_truncated_file_is_told_how_much_is_missing():
    model = tiny_gguf.llama()
    header = read_header(io.BytesIO(model.whole()))
    size_bytes = len(model.whole())
    assert problem_of_data(header, size_bytes, "m.gguf") is None
    problem = problem_of_data(header, size_bytes - 5000, "m.gguf")
    assert problem is not None
    assert "the last 5 kB are missing" in problem.detail


def kind_of(model: tiny_gguf.TinyGguf):
    return problem_of_kind(read_header(io.BytesIO(model.whole())))


def test_a_chat_model_has_no_problem():
    assert kind_of(tiny_gguf.llama()) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"general.architecture": ""}, "damaged"),
        ({"general.architecture": "clip"}, "vision projector"),
        ({"general.architecture": "nomic-bert"}, "cannot chat"),
        ({"llama.pooling_type": 3}, "cannot chat"),
        ({"general.type": "adapter"}, "an adapter"),
    ],
)
def test_a_model_that_cannot_chat_is_named(values: dict[str, object], words: str):
    model = tiny_gguf.llama()
    model.values |= values
    problem = kind_of(model)
    assert problem is not None
    assert words in problem.title


def test_a_vocabulary_without_weights_is_no_model():
    model = tiny_gguf.llama()
    model.tensors.clear()
    problem = kind_of(model)
    assert problem is not None
    assert "vocabulary only" in problem.title


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("big-00002-of-00003.gguf", SplitPart("big", 2, 3)),
        ("big-00001-of-00002.GGUF", SplitPart("big", 1, 2)),
        ("big-00004-of-00003.gguf", None),
        ("big-1-of-3.gguf", None),
        ("big.gguf", None),
    ],
)
def test_the_place_of_a_part_is_read_from_its_name(name: str, part: SplitPart | None):
    assert split_part(name) == part


def test_missing_parts_are_listed_by_name_and_long_lists_are_cut():
    part = SplitPart("big", 1, 9)
    assert "big-00003-of-00009.gguf." in missing_parts(part, (3,)).detail
    assert "and 2 more" in missing_parts(part, (2, 3, 4, 5, 6, 7, 8)).detail
