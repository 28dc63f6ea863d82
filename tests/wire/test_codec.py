import json

import pytest

from desktop.core.conversation import ChatMessage, Role
from desktop.core.generation import SamplingSettings
from desktop.wire.codec import WireError, decode_event, decode_request, encode
from desktop.wire.engine_messages import Generate, LoadModel, TokenBatch
from desktop.wire.message import Cancel, Heartbeat

MEGABYTE = 1_000_000


def test_the_form_of_a_request_is_stable() -> None:
    """A recorded conversation with a worker is read again by later versions."""
    request = LoadModel("/m/Tiny.gguf", "Tiny", context_tokens=4096)
    assert json.loads(encode(request)) == {
        "type": "LoadModel",
        "path": "/m/Tiny.gguf",
        "name": "Tiny",
        "context_tokens": 4096,
        "threads": None,
        "kv_type": "f16",
    }


def test_the_form_of_an_event_is_stable() -> None:
    assert (
        encode(TokenBatch("Hi ☃", (1.5, 2.0), 12))
        == (
            '{"type":"TokenBatch","text":"Hi ☃","stamps_s":[1.5,2.0],"context_used_tokens":12}\n'
        ).encode()
    )


def test_roles_are_written_as_chat_templates_name_them() -> None:
    request = Generate((ChatMessage(Role.USER, "Hi"),), SamplingSettings())
    assert json.loads(encode(request))["messages"] == [{"role": "user", "text": "Hi"}]


def test_fields_with_a_default_may_be_left_out() -> None:
    line = b'{"type":"LoadModel","path":"/m.gguf","name":"M"}'
    assert decode_request(line) == LoadModel("/m.gguf", "M")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"hello",
        b'{"type":"Cancel"',
        b'{"type":"Cancel"}{"type":"Cancel"}',
        b"[]",
        b"null",
        b"{}",
        b'{"type":"Explode"}',
        b'{"type":null}',
        b'{"path":"/m.gguf","name":"M"}',
        b'{"type":"LoadModel"}',
        b'{"type":"LoadModel","path":"/m.gguf","name":"M","colour":"red"}',
        b'{"type":"LoadModel","path":5,"name":"M"}',
        b'{"type":"LoadModel","path":"/m.gguf","name":"M","threads":"two"}',
        b'{"type":"LoadModel","path":"/m.gguf","name":"M","threads":1.5}',
        b'{"type":"Generate","messages":[{"role":"robot","text":""}],"sampling":{}}',
        b'{"type":"Generate","messages":"Hi","sampling":{}}',
        b'{"type":"Cancel","reason":"\xff"}',
        b'{"type":"Heartbeat"}',
    ],
)
def test_a_line_that_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        decode_request(line)


@pytest.mark.parametrize(
    "line",
    [
        b"llama_model_loader: loaded",
        b'{"type":"TokenBatch","text":"Hi"}',
        b'{"type":"TokenBatch","text":"Hi","stamps_s":[null],"context_used_tokens":1}',
        b'{"type":"LoadProgress","fraction":"half"}',
        b'{"type":"Heartbeat","beats":2}',
        b'{"type":"Finished","result":{"text":"Hi"}}',
        b'{"type":"Cancel"}',
    ],
)
def test_a_line_that_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(WireError):
        decode_event(line)


def test_a_refusal_says_why_and_shows_the_beginning_of_the_line() -> None:
    with pytest.raises(WireError, match=r"threads.*LoadModel") as refusal:
        decode_request(
            b'{"type":"LoadModel","path":"/m.gguf","name":"M","threads":"' + b"x" * MEGABYTE + b'"}'
        )
    assert len(str(refusal.value)) < 400


def test_a_long_text_arrives_whole() -> None:
    text = "long 😀\n" * MEGABYTE
    request = Generate((ChatMessage(Role.USER, text),), SamplingSettings())
    assert decode_request(encode(request)) == request


def test_white_space_around_a_line_does_no_harm() -> None:
    assert decode_request(b' {"type":"Cancel"} \r\n') == Cancel()
    assert decode_event(b'{ "type" : "Heartbeat" }') == Heartbeat()
