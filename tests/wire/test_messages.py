"""Every message survives the way to another process and back."""

from typing import get_args

import pytest

from desktop.core.conversation import ChatMessage, Role
from desktop.core.errors import Problem
from desktop.core.generation import (
    GenerationFigures,
    GenerationResult,
    SamplingSettings,
    StopReason,
)
from desktop.core.library import ForeignPlace, FoundModel
from desktop.core.local_model import ModelFacts, ModelOrigin
from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.telemetry import EngineFacts
from desktop.wire import messages
from desktop.wire.codec import decode_event, decode_request, encode
from desktop.wire.messages import Event, Request

TEXT = 'line\nbreak "quotes" \\ back 😀 \u2028 \0 </s> {"type":"Cancel"}'
MEMORY = MemoryBreakdown(weights_bytes=98_000_000, context_bytes=5_000_000_000, compute_bytes=1)
PROBLEM = Problem("It failed", TEXT, "Try again.", ("one", "two"))
SAMPLING = SamplingSettings(
    temperature=0.1,
    top_k=3,
    top_p=0.5,
    min_p=0.25,
    repeat_penalty=1.1,
    repeat_last_tokens=32,
    seed=2**31 - 1,
    max_tokens=7,
    stop_strings=("\n", TEXT),
)
FIGURES = GenerationFigures(
    prompt_tokens=10,
    cached_tokens=4,
    completion_tokens=3,
    stop_reason=StopReason.STOP_STRING,
    load_s=0.5,
    time_to_first_token_s=None,
    prompt_tokens_per_s=311.5,
    tokens_per_s=None,
    peak_memory_bytes=5_000_000_000,
    memory=MEMORY,
    device="CPU",
    threads=2,
)
ENGINE_FACTS = EngineFacts("Name", 4096, 8192, MEMORY, "CPU", 2, 0.25, True, ("Mind this.",))
MODEL_FACTS = ModelFacts(
    architecture="llama",
    parameters=134_515_008,
    quantization="Q4_1",
    file_bytes=98_000_000,
    weights_bytes=97_000_000,
    context_limit_tokens=8192,
    kv_bytes_per_token=23_040,
    embedding_length=576,
    feed_forward_length=1536,
    vocabulary_tokens=49_152,
    has_chat_template=True,
    license="apache-2.0",
    active_weights_bytes=96_000_000,
)
REQUESTS: tuple[Request, ...] = (
    messages.LoadModel("/models/ä b.gguf", "A B"),
    messages.LoadModel("/m.gguf", "M", context_tokens=4096, threads=2),
    messages.Generate((), SamplingSettings()),
    messages.Generate(tuple(ChatMessage(role, TEXT) for role in Role), SAMPLING),
    messages.Cancel(),
    messages.InspectFile("/m.gguf"),
    messages.MeasureBandwidth(),
    messages.FindModels((ForeignPlace(ModelOrigin.OLLAMA, "/home/ä/.ollama/models"),)),
    messages.SearchFolder("/models"),
    messages.HashModel("/m.gguf"),
    messages.CopyFolder("/models", "/big/models"),
    messages.DeleteFiles("/models", ("a.gguf", "b/c.gguf")),
    messages.EmptyTrash("/models", keeps_recent=True),
)
EVENTS: tuple[Event, ...] = (
    messages.LoadProgress(0.5),
    messages.Loaded(ENGINE_FACTS),
    messages.LoadCancelled(),
    messages.PromptProgress(100, 50, 20, 0.125),
    messages.TokenBatch(TEXT, (1.5, 1.625), 70),
    messages.TokenBatch("", (), 0),
    messages.Finished(GenerationResult(TEXT, FIGURES)),
    messages.Failed(PROBLEM),
    messages.Failed(Problem("Only a title", "")),
    messages.Heartbeat(),
    messages.FileInspected("/m.gguf", MODEL_FACTS, None),
    messages.FileInspected("/m.gguf", None, PROBLEM),
    messages.BandwidthMeasured(1.5e10),
    messages.ModelsFound((FoundModel("/b/sha256-ab", ModelOrigin.OLLAMA, "llama3.2:1b"),)),
    messages.FolderSearched("/models", ("/models/a.gguf",), is_whole=False),
    messages.WorkProgress(5_000_000_000, 9_000_000_000),
    messages.WorkCancelled(),
    messages.ModelHashed("/m.gguf", ("ab" * 32, "cd" * 32)),
    messages.FolderCopied("/models", "/big/models", ("a.gguf",)),
    messages.FilesDeleted("/models", ("b/c.gguf",)),
    messages.TrashEmptied(98_000_000),
)


def type_name(message: object) -> str:
    return type(message).__name__


@pytest.mark.parametrize("request_", REQUESTS, ids=type_name)
def test_a_request_arrives_as_it_was_sent(request_: Request) -> None:
    line = encode(request_)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_request(line) == request_


@pytest.mark.parametrize("event", EVENTS, ids=type_name)
def test_an_event_arrives_as_it_was_sent(event: Event) -> None:
    line = encode(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_event(line) == event


def test_every_message_is_tried() -> None:
    assert {type(one) for one in REQUESTS} == set(get_args(Request))
    assert {type(one) for one in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("reason", StopReason)
def test_every_stop_reason_arrives(reason: StopReason) -> None:
    figures = GenerationFigures(1, 0, 0, reason, 0.1, None, None, None, 1, MEMORY, "CPU", 1)
    event = messages.Finished(GenerationResult("", figures))
    assert decode_event(encode(event)) == event
