"""Whatever a card says, it is read without harm."""

import pytest

from desktop.hub.fault import HubError
from desktop.hub.listing import quantization_of, repository_of, summary_of

COMMIT = "a" * 40


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Mistral-7B-Instruct-v0.3.Q4_K_M.gguf", "Q4_K_M"),
        ("orca-2-7b.q4_k_m.gguf", "Q4_K_M"),
        ("Qwen3-4B-UD-Q4_K_XL.gguf", "Q4_K_XL"),
        ("model.i1-IQ3_XXS.gguf", "IQ3_XXS"),
        ("model-IQ4_NL-imat.gguf", "IQ4_NL"),
        ("model-Q4_0_4_4.gguf", "Q4_0_4_4"),
        ("model-bf16-00001-of-00002.gguf", "BF16"),
        ("model-fp16.gguf", "F16"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("BitNet-TQ2_0.gguf", "TQ2_0"),
        ("Q8_0/model-00001-of-00002.gguf", "Q8_0"),
        ("Q8_0/model-Q4_0.gguf", "Q4_0"),
        ("model.gguf", ""),
        ("HQ4_0x.gguf", ""),
    ],
)
def test_the_quantisation_is_read_off_the_name(path, name):
    assert quantization_of(path) == name


@pytest.mark.parametrize("rubbish", [None, 5, -5, True, 1e300, "text", [], {}, [1, {}], {"a": []}])
def test_a_field_of_another_type_counts_as_not_stated(rubbish):
    fields = ("downloads", "likes", "tags", "cardData", "gguf", "siblings", "lastModified")
    answer = dict.fromkeys(fields, rubbish) | {"id": "o/r", "sha": COMMIT}
    repository = repository_of(answer, "")
    assert repository.files == ()
    assert repository.summary.parameters is None
    assert repository.summary.downloads in {0, 5}


@pytest.mark.parametrize("rubbish", [None, 5, False, [], {}, [None, {}], {"a": 1}])
def test_a_card_with_fields_of_another_type_says_nothing(rubbish):
    card = dict.fromkeys(("license", "language", "base_model", "license_name"), rubbish)
    repository = repository_of({"id": "o/r", "sha": COMMIT, "cardData": card}, "")
    assert (repository.summary.license, repository.summary.languages) == ("", ())
    assert repository.base_models == ()


@pytest.mark.parametrize(
    ("card", "tags", "name"),
    [
        ({"license": "mit"}, [], "mit"),
        ({"license": ["mit", "gpl-3.0"]}, [], "mit, gpl-3.0"),
        ({"license": "other", "license_name": "tiny-licence"}, [], "tiny-licence"),
        ({"license": "other"}, [], "other"),
        ({}, ["gguf", "license:llama3"], "llama3"),
        ({}, [], ""),
    ],
)
def test_the_licence_has_its_short_name(card, tags, name):
    assert summary_of({"id": "o/r", "cardData": card, "tags": tags}).license == name


@pytest.mark.parametrize("name", [None, "", "o", "o/r/x", "../..//", 5, "o r/x"])
def test_a_repository_without_a_name_is_refused(name):
    with pytest.raises(HubError):
        summary_of({"id": name})


@pytest.mark.parametrize("revision", [None, "main", "A" * 40, "a" * 39])
def test_a_version_that_is_no_commit_is_refused(revision):
    with pytest.raises(HubError):
        repository_of({"id": "o/r", "sha": revision}, "")


def test_long_texts_are_cut_and_stay_on_one_line():
    summary = summary_of({"id": "o/r", "lastModified": "a\nb" + "x" * 10_000})
    assert len(summary.updated_at) == 200
    assert "\n" not in summary.updated_at


def test_a_promise_that_is_no_hash_is_none():
    siblings = [{"rfilename": "m.gguf", "size": 5, "lfs": {"sha256": "../x", "size": 7}}]
    [file] = repository_of({"id": "o/r", "sha": COMMIT, "siblings": siblings}, "").files
    assert (file.parts[0].sha256, file.size_bytes) == ("", 7)
