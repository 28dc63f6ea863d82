"""Models as the catalogue and the Hub offer them, for views to show."""

from dataclasses import replace

from desktop.core.catalogue import CatalogueEntry, TrainedFor
from desktop.core.figure import Figure, FigureKind
from desktop.core.hub_model import HubFile, HubPart, HubRepository, HubSummary
from desktop.core.local_model import ModelFacts
from desktop.core.model_card import ModelCard
from desktop.core.model_class import ModelClass
from desktop.core.model_entry import Surroundings
from desktop.core.weighing import (
    DepthSpeed,
    KvType,
    ModelSource,
    TestDrive,
    Weighing,
    estimate_weighing,
)

MB, GB = 10**6, 10**9
SURROUNDINGS = Surroundings(10 * GB, 16 * GB, bandwidth_bytes_per_s=20e9)
FACTS = ModelFacts(
    architecture="llama",
    parameters=1236 * MB,
    quantization="Q4_K_M",
    file_bytes=808 * MB,
    weights_bytes=808 * MB,
    context_limit_tokens=131_072,
    kv_bytes_per_token=32_768,
    embedding_length=2048,
    feed_forward_length=8192,
    vocabulary_tokens=128_256,
    has_chat_template=True,
    license="llama3.2",
)
TINY_REPO = "bartowski/Tiny-1B-GGUF"
TINY = CatalogueEntry(
    id="tiny-1b",
    name="Tiny 1B",
    vendor="Acme",
    model_class=ModelClass.SMALL,
    class_reason="1.2B parameters.",
    parameters=1236 * MB,
    active_parameters=1236 * MB,
    build="dense",
    quantization="Q4_K_M",
    repo=TINY_REPO,
    file="Tiny-1B-Q4_K_M.gguf",
    revision="",
    size_bytes=808 * MB,
    is_size_exact=True,
    sha256="",
    context_limit_tokens=131_072,
    license="apache-2.0",
    license_address="https://example.org/licence",
    template_family="llama3",
    languages=("en", "de", "fr"),
    trained_for=TrainedFor.GENERAL,
    good_at="Short questions.",
    bad_at="Long ones.",
    facts=FACTS,
)
GIANT = replace(
    TINY,
    id="giant-70b",
    name="Giant 70B",
    model_class=ModelClass.LARGE,
    parameters=70 * GB,
    active_parameters=12 * GB,
    repo="acme/Giant-GGUF",
    file="Giant-Q4_K_M.gguf",
    size_bytes=42 * GB,
    license="mit",
    facts=None,
)
HOSTED = replace(
    TINY,
    id="hosted",
    name="Hosted",
    model_class=ModelClass.LARGE,
    repo="",
    file="",
    size_bytes=0,
    parameters=0,
    license="proprietary",
    note="Hosted only.",
    alternatives=("giant-70b", "tiny-1b"),
    facts=None,
)
CATALOGUE = (GIANT, TINY, HOSTED)
DRIVE = TestDrive(
    prompt_tokens_per_s=312.0,
    decode=(DepthSpeed(0, 24.1), DepthSpeed(1024, 21.7)),
    resident_bytes=1310 * MB,
    context_tokens=4096,
    threads=1,
    device="CPU",
    twin_disk_bytes=2 * MB,
    elapsed_s=6.4,
    unknowns=("The quality of its answers.",),
)


def hub_file(
    quantization: str, size_bytes: int, repo: str = TINY_REPO, base: str = "Tiny-1B"
) -> HubFile:
    part = HubPart(f"{base}-{quantization}.gguf", size_bytes, "a" * 64)
    return HubFile(repo, "b" * 40, (part,), quantization, bits_per_weight=4.85)


def hub_summary(repo: str = TINY_REPO, *, is_gated: bool = False) -> HubSummary:
    return HubSummary(
        repo=repo,
        downloads=1_234_567,
        likes=321,
        updated_at="2026-08-01T00:00:00",
        license="apache-2.0",
        is_gated=is_gated,
        parameters=1236 * MB,
        architecture="llama",
        context_limit_tokens=131_072,
        languages=("en",),
    )


def hub_repository(repo: str = TINY_REPO, *, is_gated: bool = False) -> HubRepository:
    sizes = {"Q2_K": 580, "Q4_K_M": 808, "Q8_0": 1321, "F16": 2480}
    return HubRepository(
        summary=hub_summary(repo, is_gated=is_gated),
        revision="b" * 40,
        base_models=("acme/Tiny-1B",),
        files=tuple(hub_file(name, size * MB, repo) for name, size in sizes.items()),
        projectors=(hub_file("F16", 851 * MB, repo, base="mmproj"),),
        description="A tiny model.",
    )


def weighing(kv_type: KvType = KvType.F16) -> Weighing:
    return replace(estimate_weighing(FACTS, kv_type), kind=FigureKind.WEIGHED)


def model_card(source: ModelSource, **changes: object) -> ModelCard:
    card = ModelCard(
        source,
        SURROUNDINGS,
        weighing(),
        tokens_per_s=Figure(24.3, FigureKind.ESTIMATED),
        speed_error=0.12,
    )
    return replace(card, **changes)
