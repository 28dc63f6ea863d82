"""Every message survives the way to another process and back."""

from typing import get_args

import pytest

from desktop.core.conversation import ChatMessage, Role
from desktop.core.download import DownloadState
from desktop.core.errors import Problem
from desktop.core.figure import FigureKind
from desktop.core.generation import (
    GenerationFigures,
    GenerationResult,
    SamplingSettings,
    StopReason,
)
from desktop.core.hub_model import (
    HubAccess,
    HubFault,
    HubFile,
    HubPage,
    HubPart,
    HubQuery,
    HubRefusal,
    HubRepository,
    HubSort,
    HubSummary,
)
from desktop.core.library import ForeignPlace, FoundModel
from desktop.core.local_model import ModelFacts, ModelOrigin
from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.model_class import ModelClass
from desktop.core.telemetry import EngineFacts
from desktop.core.weighing import (
    DepthSpeed,
    DeviceMemory,
    KvType,
    ModelSource,
    TestDrive,
    WeighedPoint,
    Weighing,
)
from desktop.wire import (
    download_messages,
    engine_messages,
    hub_messages,
    inspect_messages,
    message,
    weigh_messages,
)
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
HUB_FILE = HubFile(
    "owner/name", "c" * 40, (HubPart("q/a.gguf", 5_000_000_000, "d" * 64),), "Q4_K_M", 4.85
)
HUB_SUMMARY = HubSummary(
    repo="owner/name",
    downloads=1_000_000,
    likes=7,
    updated_at="2026-08-01T00:00:00+00:00",
    license="apache-2.0",
    is_gated=True,
    parameters=None,
    architecture="llama",
    context_limit_tokens=8192,
    languages=("en", "de"),
)
WEIGHING = Weighing(
    facts=MODEL_FACTS,
    kv_type=KvType.Q8_0,
    points=(WeighedPoint(4096, (DeviceMemory("CPU", MEMORY),)),),
    overhead_bytes=60_000_000,
    kind=FigureKind.WEIGHED,
    header_bytes_fetched=262_144,
    requests=2,
)
TEST_DRIVE = TestDrive(
    prompt_tokens_per_s=300.5,
    decode=(DepthSpeed(0, 120.5), DepthSpeed(1024, 60.25)),
    resident_bytes=5_000_000_000,
    context_tokens=2048,
    threads=2,
    device="CPU",
    twin_disk_bytes=1_800_000,
    elapsed_s=6.5,
    unknowns=("The quality of its answers.",),
)
REQUESTS: tuple[Request, ...] = (
    engine_messages.LoadModel("/models/ä b.gguf", "A B"),
    engine_messages.LoadModel("/m.gguf", "M", context_tokens=4096, threads=2),
    engine_messages.Generate((), SamplingSettings()),
    engine_messages.Generate(tuple(ChatMessage(role, TEXT) for role in Role), SAMPLING),
    message.Cancel(),
    inspect_messages.InspectFile("/m.gguf"),
    inspect_messages.MeasureBandwidth(),
    inspect_messages.FindModels((ForeignPlace(ModelOrigin.OLLAMA, "/home/ä/.ollama/models"),)),
    inspect_messages.SearchFolder("/models"),
    inspect_messages.HashModel("/m.gguf"),
    inspect_messages.CopyFolder("/models", "/big/models"),
    inspect_messages.DeleteFiles("/models", ("a.gguf", "b/c.gguf")),
    inspect_messages.EmptyTrash("/models", keeps_recent=True),
    hub_messages.SearchHub(HubQuery("small ä", HubSort.NEWEST, ModelClass.SMALL, "mit", False)),
    hub_messages.OpenRepository("owner/name"),
    hub_messages.SaveAccessToken("hf_abc"),
    hub_messages.CheckAccess(),
    weigh_messages.WeighModel(ModelSource(path="/m.gguf"), KvType.Q8_0),
    weigh_messages.WeighModel(ModelSource(file=HUB_FILE)),
    weigh_messages.DriveModel(ModelSource(file=HUB_FILE)),
    download_messages.StartDownload(HUB_FILE, "/models", streams=2),
)
EVENTS: tuple[Event, ...] = (
    engine_messages.LoadProgress(0.5),
    engine_messages.Loaded(ENGINE_FACTS),
    engine_messages.LoadCancelled(),
    engine_messages.PromptProgress(100, 50, 20, 0.125),
    engine_messages.TokenBatch(TEXT, (1.5, 1.625), 70),
    engine_messages.TokenBatch("", (), 0),
    engine_messages.Finished(GenerationResult(TEXT, FIGURES)),
    message.Failed(PROBLEM),
    message.Failed(Problem("Only a title", "")),
    message.Heartbeat(),
    inspect_messages.FileInspected("/m.gguf", MODEL_FACTS, None),
    inspect_messages.FileInspected("/m.gguf", None, PROBLEM),
    inspect_messages.BandwidthMeasured(1.5e10),
    inspect_messages.ModelsFound((FoundModel("/b/sha256-ab", ModelOrigin.OLLAMA, "llama3.2:1b"),)),
    inspect_messages.FolderSearched("/models", ("/models/a.gguf",), is_whole=False),
    inspect_messages.WorkProgress(5_000_000_000, 9_000_000_000),
    inspect_messages.WorkCancelled(),
    inspect_messages.ModelHashed("/m.gguf", ("ab" * 32, "cd" * 32)),
    inspect_messages.FolderCopied("/models", "/big/models", ("a.gguf",)),
    inspect_messages.FilesDeleted("/models", ("b/c.gguf",)),
    inspect_messages.TrashEmptied(98_000_000),
    hub_messages.HubSearched(HubPage(HubQuery(), (HUB_SUMMARY,), "next")),
    hub_messages.RepositoryOpened(
        HubRepository(HUB_SUMMARY, "a" * 40, ("base/model",), (HUB_FILE,), (), TEXT)
    ),
    hub_messages.AccessChecked(HubAccess("somebody", has_token=True)),
    hub_messages.HubRefused(HubRefusal(HubFault.GATED, PROBLEM)),
    weigh_messages.Weighed(ModelSource(file=HUB_FILE), WEIGHING),
    weigh_messages.DriveProgress(0.5, "Reading a prompt"),
    weigh_messages.DriveFinished(ModelSource(path="/m.gguf"), TEST_DRIVE),
    weigh_messages.DriveCancelled(),
    download_messages.DownloadProgress(DownloadState.RUNNING, 5_000_000_000, "Waiting"),
    download_messages.Downloaded("/models/a.gguf"),
)


def type_name(one: object) -> str:
    return type(one).__name__


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
    event = engine_messages.Finished(GenerationResult("", figures))
    assert decode_event(encode(event)) == event
