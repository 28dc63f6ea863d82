"""The catalogue that comes with the program: its schema, its consistency, what it suggests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from desktop.core.catalogue import (
    NAMED_SYSTEMS,
    CatalogueEntry,
    TrainedFor,
    estimate_entry_bytes,
    suggestions,
)
from desktop.core.gguf_header import read_header
from desktop.core.model_class import ModelClass, classify
from desktop.core.model_facts import facts_from_header
from desktop.storage.catalogue_file import load_catalogue

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
STARTER = "SmolLM2-135M-Instruct.Q4_1.gguf"
GIB = 1024**3
BITS = {"Q4_0": 4.5, "Q4_1": 5.0, "Q4_K_M": 4.8, "Q8_0": 8.5, "MXFP4": 4.3}


@pytest.fixture(scope="module")
def entries() -> tuple[CatalogueEntry, ...]:
    return load_catalogue(RESOURCES / "catalogue.json")


@pytest.fixture(scope="module")
def by_id(entries: tuple[CatalogueEntry, ...]) -> dict[str, CatalogueEntry]:
    return {entry.id: entry for entry in entries}


def read_json(name: str) -> dict[str, Any]:
    return json.loads((RESOURCES / name).read_text("utf-8"))


def sizes(shown: tuple[CatalogueEntry, ...]) -> list[str]:
    return [entry.id for entry in shown]


def without(value: object, key: str) -> object:
    assert isinstance(value, dict)
    return {name: item for name, item in value.items() if name != key}


def test_it_follows_its_schema():
    schema = read_json("catalogue.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read_json("catalogue.json"), schema, jsonschema.Draft202012Validator)


def _spoilt() -> Iterator[dict[str, Any]]:
    good = read_json("catalogue.json")["entries"]
    first = good[0]
    hosted = next(entry for entry in good if entry["id"] == "gpt-4")
    yield {"entries": [without(first, "license")]}
    yield {"entries": [first | {"sha256": "abc"}]}
    yield {"entries": [first | {"license_address": "http://example.com"}]}
    yield {"entries": [first | {"size_bytes": 0}]}
    yield {"entries": [first | {"surprise": 1}]}
    yield {"entries": [hosted | {"alternatives": []}]}


def test_its_schema_refuses_what_is_incomplete_or_wrong():
    schema = read_json("catalogue.schema.json")
    for spoilt in _spoilt():
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoilt, schema, jsonschema.Draft202012Validator)


def test_at_least_thirty_models_from_135m_to_30b_can_be_installed(entries):
    installable = [entry for entry in entries if entry.is_installable]
    assert len(installable) >= 30
    assert min(entry.parameters for entry in installable) < 140_000_000
    assert max(entry.parameters for entry in installable) > 30_000_000_000
    assert {entry.trained_for for entry in installable} == set(TrainedFor)


def test_ids_and_files_are_unique(entries):
    ids = [entry.id for entry in entries]
    files = [(entry.repo, entry.file) for entry in entries if entry.is_installable]
    assert len(set(ids)) == len(ids)
    assert len(set(files)) == len(files)


def test_alternatives_exist_and_can_be_installed(entries, by_id):
    for entry in entries:
        for alternative in entry.alternatives:
            assert by_id[alternative].is_installable, entry.id


def test_the_class_is_the_one_that_the_rule_gives(entries):
    for entry in entries:
        verdict = classify(entry.parameters, entry.name, entry.active_parameters)
        assert verdict is not None, entry.id
        assert entry.model_class is verdict.model_class, entry.id


def test_sizes_agree_with_parameters_and_quantisation(entries):
    for entry in entries:
        if entry.is_installable:
            expected = entry.parameters * BITS[entry.quantization] / 8
            assert expected / 2 < entry.size_bytes < expected * 2, entry.id


def test_no_more_parameters_work_than_there_are(entries):
    for entry in entries:
        assert entry.active_parameters <= entry.parameters, entry.id
        is_mixture = entry.build == "mixture of experts"
        assert not is_mixture or entry.active_parameters < entry.parameters, entry.id


def test_a_pinned_file_of_known_hash_has_an_exact_size(entries):
    for entry in entries:
        assert entry.is_size_exact or not entry.sha256, entry.id


def test_facts_agree_with_their_entry(entries):
    for entry in entries:
        facts = entry.facts
        if facts is not None:
            assert facts.parameters == entry.parameters, entry.id
            assert facts.file_bytes == entry.size_bytes, entry.id
            assert facts.quantization == entry.quantization, entry.id
            assert facts.context_limit_tokens == entry.context_limit_tokens, entry.id
            assert facts.windowed_kv_bytes_per_token <= facts.kv_bytes_per_token, entry.id
            assert bool(facts.window_tokens) == bool(facts.windowed_kv_bytes_per_token), entry.id
            assert 0 < facts.active_weights_bytes <= facts.weights_bytes, entry.id


def test_what_it_says_of_the_starter_is_what_the_file_says(by_id, starter_model: Path):
    entry = by_id["smollm2-135m"]
    with starter_model.open("rb") as file:
        facts = facts_from_header(read_header(file), starter_model.stat().st_size)
    assert entry.facts is not None
    assert entry.size_bytes == facts.file_bytes
    assert entry.parameters == facts.parameters
    assert entry.facts.kv_bytes_per_token == facts.kv_bytes_per_token
    assert entry.facts.embedding_length == facts.embedding_length
    assert entry.facts.feed_forward_length == facts.feed_forward_length
    assert entry.facts.vocabulary_tokens == facts.vocabulary_tokens
    assert entry.facts.context_limit_tokens == facts.context_limit_tokens


@pytest.mark.parametrize(
    ("id_", "repo", "file"),
    [
        (
            "mistral-7b",
            "MaziyarPanahi/Mistral-7B-Instruct-v0.3-GGUF",
            "Mistral-7B-Instruct-v0.3.Q4_K_M.gguf",
        ),
        (
            "llama-3-8b",
            "bartowski/Meta-Llama-3-8B-Instruct-GGUF",
            "Meta-Llama-3-8B-Instruct-Q4_K_M.gguf",
        ),
        ("orca-2-7b", "TheBloke/Orca-2-7B-GGUF", "orca-2-7b.Q4_K_M.gguf"),
    ],
)
def test_named_systems_that_can_be_installed(by_id, id_: str, repo: str, file: str):
    assert (by_id[id_].repo, by_id[id_].file) == (repo, file)


def test_orca_2_is_small_because_its_makers_say_so(by_id):
    assert by_id["orca-2-7b"].model_class is ModelClass.SMALL
    assert "makers" in by_id["orca-2-7b"].class_reason


def test_named_systems_that_cannot_be_installed_say_why_and_what_to_take(by_id):
    assert set(NAMED_SYSTEMS) <= set(by_id)
    assert "no GPT-Neo architecture" in by_id["gpt-neo"].note
    assert by_id["gpt-neo"].alternatives[0].startswith("pythia")
    for id_ in ("gpt-4", "microsoft-copilot"):
        assert not by_id[id_].is_installable
        assert "Hosted only" in by_id[id_].note
        assert set(by_id[id_].alternatives) == {"gpt-oss-20b", "phi-4-mini"}


def test_the_two_steps_up_from_the_starter(entries):
    assert sizes(suggestions(entries, 12 * GIB, [STARTER])) == ["llama-3.2-1b", "qwen3-4b-2507"]


def test_a_small_machine_is_not_shown_what_does_not_fit_easily(entries):
    shown = suggestions(entries, 2 * GIB, [STARTER])
    assert sizes(shown) == ["lfm2.5-1.2b"]
    assert all(estimate_entry_bytes(entry, 2 * GIB) < GIB for entry in shown)


def test_a_machine_without_room_is_shown_nothing(entries):
    assert suggestions(entries, GIB, [STARTER]) == ()


def test_steps_go_on_from_the_largest_installed_model(entries):
    names = [STARTER, "QWEN3-4B-Instruct-2507-q4_k_m.gguf"]
    assert sizes(suggestions(entries, 28 * GIB, names)) == ["qwen3-8b", "qwen3-30b-a3b-2507"]


def test_models_for_one_purpose_are_not_suggested(entries):
    coder = next(entry for entry in entries if entry.trained_for is TrainedFor.CODE)
    assert suggestions([coder], 64 * GIB, []) == ()


def test_memory_of_a_model_of_unknown_shape_is_more_than_its_file(by_id):
    entry = by_id["lfm2.5-1.2b"]
    assert entry.facts is None
    assert entry.size_bytes < estimate_entry_bytes(entry, 8 * GIB) < 2 * entry.size_bytes
