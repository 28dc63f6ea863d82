from dataclasses import replace
from pathlib import Path

from hub_offers import CATALOGUE, GIANT, HOSTED, MB, SURROUNDINGS, TINY, TINY_REPO, hub_summary

from desktop.core.hub_model import HubQuery
from desktop.core.local_model import LocalModel, ModelEntry, ModelOrigin
from desktop.core.memory_fit import Fit
from desktop.core.model_class import ModelClass
from desktop.ui.discover.offer import Offer, catalogue_offer, catalogue_rows, hub_rows
from desktop.ui.discover.offer_text import about_text, hint_text, memory_text, spoken_text

OFFERS = tuple(catalogue_offer(entry, SURROUNDINGS, ()) for entry in CATALOGUE)


def listed(query: HubQuery) -> list[str]:
    rows = catalogue_rows(OFFERS, query)
    return [row.heading or (row.offer.name if row.offer else "") for row in rows]


def installed(name: str, size_bytes: int) -> ModelEntry:
    model = LocalModel(Path("/models") / name, name, size_bytes, ModelOrigin.HEFT)
    return ModelEntry(model, None, None, fit="", is_heavy=False)


def test_the_catalogue_stands_in_groups_with_what_cannot_be_installed_last():
    assert listed(HubQuery()) == [
        "Small language models",
        "Tiny 1B",
        "Large language models",
        "Giant 70B",
        "For reference: cannot be installed",
        "Hosted",
    ]


def test_filters_leave_out_what_does_not_pass():
    large = listed(HubQuery(size_class=ModelClass.LARGE))
    assert "Giant 70B" in large
    assert "Tiny 1B" not in large
    assert listed(HubQuery(license="mit")) == ["Large language models", "Giant 70B"]
    assert listed(HubQuery(only_fitting=True)) == ["Small language models", "Tiny 1B"]


def test_words_find_the_catalogue_too_and_an_address_finds_its_repository():
    assert listed(HubQuery(words="acme 70B")) == ["Built into Heft", "Giant 70B"]
    address = f"https://huggingface.co/{TINY_REPO}/tree/main"
    assert listed(HubQuery(words=address)) == ["Built into Heft", "Tiny 1B"]
    assert listed(HubQuery(words="nothing has this")) == []


def test_a_repository_that_stands_in_the_catalogue_is_not_listed_twice():
    catalogue = tuple(catalogue_rows(OFFERS, HubQuery(words="tiny")))
    found = (hub_summary(), hub_summary("other/Tiny-GGUF"))
    rows = [row.offer.repo for row in hub_rows(found, catalogue) if row.offer]
    assert rows == ["other/Tiny-GGUF"]


def test_a_row_says_what_it_takes_on_this_machine():
    tiny = OFFERS[1]
    assert tiny.fit is Fit.EASY
    assert memory_text(tiny).startswith("≈ ")
    assert about_text(tiny) == "Small · 1.2B · Q4_K_M · 808 MB · apache-2.0"
    assert OFFERS[0].fit is Fit.NO
    assert OFFERS[2].resident_bytes is None
    assert about_text(Offer(entry=replace(TINY, is_size_exact=False))).count("≈ 808 MB") == 1


def test_a_model_is_known_as_installed_by_file_name_and_size():
    same = installed("Tiny-1B-Q4_K_M.gguf", 808 * MB)
    other = installed("Tiny-1B-Q4_K_M.gguf", 5 * MB)
    assert catalogue_offer(TINY, SURROUNDINGS, (same,)).is_installed
    assert not catalogue_offer(TINY, SURROUNDINGS, (other,)).is_installed
    rounded = replace(TINY, is_size_exact=False)
    assert catalogue_offer(rounded, SURROUNDINGS, (other,)).is_installed
    assert not catalogue_offer(HOSTED, SURROUNDINGS, (installed("", 0),)).is_installed


def test_what_the_hub_does_not_state_is_said_not_to_be_known():
    unknown = Offer(summary=replace(hub_summary("a/b"), parameters=None, license=""))
    assert about_text(unknown) == "Size not known"
    gated = Offer(summary=hub_summary("a/b-7B", is_gated=True))
    assert "gated" in about_text(gated)
    assert "must be accepted" in hint_text(gated)


def test_a_screen_reader_hears_the_class_in_full_and_that_memory_is_estimated():
    spoken = spoken_text(OFFERS[1])
    assert spoken.startswith("Tiny 1B, by Acme, small language model, 1.2B")
    assert "estimated, Fits easily" in spoken
    assert "cannot be installed" in spoken_text(OFFERS[2])
    assert GIANT.name in spoken_text(OFFERS[0])
