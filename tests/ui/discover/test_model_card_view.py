from dataclasses import replace

import pytest
from hub_offers import (
    CATALOGUE,
    DRIVE,
    MB,
    SURROUNDINGS,
    TINY,
    TINY_REPO,
    hub_file,
    hub_repository,
    hub_summary,
    model_card,
)
from PySide6.QtWidgets import QListView
from signal_journal import SignalJournal

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.errors import Problem
from desktop.core.figure import Figure, FigureKind
from desktop.core.hub_model import HubFault, HubRefusal
from desktop.core.weighing import KvType, ModelSource
from desktop.ui.discover.model_card_view import ModelCardView
from desktop.ui.discover.offer import Offer

PROBLEM = Problem("Unknown architecture", "llama.cpp cannot run it.", "Choose another model.")


@pytest.fixture
def view(qtbot) -> ModelCardView:
    view = ModelCardView()
    qtbot.addWidget(view)
    view.resize(600, 900)
    view.show_catalogue(CATALOGUE)
    view.show_surroundings(SURROUNDINGS)
    view.show_offer(Offer(entry=TINY))
    view.show()
    return view


@pytest.fixture
def journal(view: ModelCardView) -> SignalJournal:
    return SignalJournal(view, "source_chosen", "drive_requested", "kv_type_chosen")


def files(view: ModelCardView) -> list[str]:
    return [row.packing or row.heading for row in view.files.rows()]


def press_file(view: ModelCardView, row: int) -> None:
    listed = view.files.findChild(QListView)
    listed.activated.emit(listed.model().index(row, 0))


def test_the_catalogue_alone_gives_an_estimate_at_once(view):
    total, verdict, _, kind = view.memory.words()
    assert total.startswith("≈ ")
    assert verdict.startswith("Fits easily")
    assert kind == "estimated by a formula"
    assert view.speed.words()[0].startswith("≈ ")
    assert not view.acquire.button().isEnabled()
    assert not view.speed.drive_button().isEnabled()


def test_it_says_what_the_model_is_and_where_its_licence_is(view, qtbot):
    assert view.header._class.text() == "Small language model"
    assert view.header._reason.text() == "1.2B parameters."
    assert view.facts.value_of("parameters") == "1.2B"
    assert view.facts.value_of("context, at most") == "131,072 tokens"
    assert view.facts.value_of("languages") == "English, German and 1 more"
    page, licence = view.header.link_buttons()
    with qtbot.waitSignal(view.header.page_requested) as requested:
        licence.click()
    assert requested.args == ["https://example.org/licence"]
    with qtbot.waitSignal(view.header.page_requested) as requested:
        page.click()
    assert requested.args == [f"https://huggingface.co/{TINY_REPO}"]


def test_files_are_folded_to_the_chosen_one_until_asked_for(view, journal):
    view.show_repository(hub_repository())
    assert journal.last("source_chosen").file.quantization == "Q4_K_M"
    assert files(view) == ["Q4_K_M"]
    view.files.fold_button().click()
    assert files(view)[:4] == ["Q2_K", "Q4_K_M", "Q8_0", "F16"]
    assert files(view)[4:] == ["Vision projectors: no models by themselves", "mmproj-F16.gguf"]
    assert view.acquire.button().text() == "Download 808 MB"


def test_another_file_is_weighed_and_what_was_known_of_the_first_is_gone(view, journal):
    view.show_repository(hub_repository())
    view.show_card(model_card(journal.last("source_chosen"), test_drive=DRIVE))
    view.files.fold_button().click()
    press_file(view, 2)
    assert journal.last("source_chosen").file.quantization == "Q8_0"
    assert view.memory.words()[1] == "Not weighed yet"
    assert view.memory.words()[3] == "weighing…"
    assert not view.speed._results.isVisible()
    assert view.acquire.button().text() == "Download 1.32 GB"


def test_a_projector_cannot_be_chosen(view, journal):
    view.show_repository(hub_repository())
    view.files.fold_button().click()
    press_file(view, 4)
    press_file(view, 5)
    assert len(journal.all("source_chosen")) == 1


def test_a_weighing_takes_the_place_of_the_estimate(view, journal):
    view.show_repository(hub_repository())
    assert view.memory.words()[3] == "estimated by a formula; weighing…"
    view.show_card(model_card(journal.last("source_chosen")))
    assert view.memory.words()[3] == "weighed by llama.cpp"
    assert not view.memory.words()[0].startswith("≈")


def test_what_belongs_to_another_model_is_left_out(view, journal):
    view.show_repository(hub_repository("other/Repo-GGUF"))
    assert journal.names() == []
    view.show_repository(hub_repository())
    other = ModelSource(file=hub_file("Q4_K_M", 808 * MB, "other/Repo-GGUF"))
    view.show_card(model_card(other, problem=PROBLEM))
    assert view.memory.words()[3] == "estimated by a formula; weighing…"
    assert not view._memory_banner.isVisible()


def test_a_weighing_that_failed_is_told_above_the_memory(view, journal):
    view.show_repository(hub_repository())
    source = journal.last("source_chosen")
    view.show_card(model_card(source, weighing=None, problem=PROBLEM))
    assert view._memory_banner.message().title == "Unknown architecture"
    assert not view._speed_banner.isVisible()
    view.show_card(model_card(source))
    assert not view._memory_banner.isVisible()


def test_a_test_drive_runs_from_the_button_to_its_results(view, journal):
    view.show_repository(hub_repository())
    source = journal.last("source_chosen")
    view.show_card(model_card(source))
    view.speed.drive_button().click()
    assert journal.last("drive_requested") == source
    assert view.speed.cancel_button().isVisible()
    view.show_card(model_card(source, stage="answering", fraction=0.7))
    assert view.speed.cancel_button().isVisible()
    assert view.memory.words()[3] == "weighed by llama.cpp"
    driven = Figure(24.1, FigureKind.TEST_DRIVEN)
    view.show_card(model_card(source, test_drive=DRIVE, tokens_per_s=driven))
    assert not view.speed.cancel_button().isVisible()
    assert view.speed.words()[2] == "test-driven on this machine"


def test_a_test_drive_that_failed_is_told_above_the_speed(view, journal):
    view.show_repository(hub_repository())
    source = journal.last("source_chosen")
    view.show_card(model_card(source))
    view.speed.drive_button().click()
    view.show_card(model_card(source, problem=PROBLEM))
    assert view._speed_banner.message().title == "Unknown architecture"
    assert not view._memory_banner.isVisible()
    assert view.speed.drive_button().isVisible()


def test_the_packing_of_the_context_changes_an_estimate_at_once(view, journal):
    before = view.memory.words()[0]
    view.memory._kv.button(1).click()
    assert journal.last("kv_type_chosen") is KvType.Q8_0
    assert view.memory.words()[0] != before


def test_a_refusal_stands_where_the_files_would_be_and_the_estimate_stays(view, qtbot):
    view.show_refusal(HubRefusal(HubFault.OFFLINE, Problem("Offline", "By your choice.")))
    assert view.refusal.isVisible()
    assert view.files._note.text().startswith("Not known without the Hub.")
    assert view.memory.words()[0].startswith("≈ ")
    assert view.acquire.text() == "The Hub has to answer first."
    with qtbot.waitSignal(view.retry_requested):
        view.refusal._retry.click()


def test_a_repository_without_a_model_says_so(view, journal):
    view.show_repository(replace(hub_repository(), files=(), projectors=()))
    assert journal.names() == []
    assert view.files._note.text() == "This repository has no model in GGUF format."
    assert not view.acquire.button().isEnabled()


def test_a_gated_model_says_so_before_the_download(view):
    view.show_offer(Offer(summary=hub_summary("a/gated-1B", is_gated=True)))
    view.show_repository(hub_repository("a/gated-1B", is_gated=True))
    assert "must be accepted" in view.acquire.text()


def test_a_found_model_shows_what_its_repository_says(view):
    view.show_offer(Offer(summary=hub_summary("a/found-1B")))
    assert view.memory.words()[1] == "Not weighed yet"
    view.show_repository(hub_repository("a/found-1B"))
    assert view.header._qualities[0][1].text() == "A tiny model."
    assert view.facts.value_of("base model") == "acme/Tiny-1B"
    assert view.facts.value_of("downloads") == "1.2M"


def test_the_download_of_the_chosen_file_is_followed(view):
    view.show_repository(hub_repository())
    other = DownloadEntry(1, hub_file("Q8_0", MB), "Tiny", DownloadState.RUNNING, 0)
    mine = DownloadEntry(2, view.subject.file, "Tiny", DownloadState.QUEUED, 0)
    view.show_downloads((other,))
    assert view.acquire.button().isVisible()
    view.show_downloads((other, mine))
    assert view.acquire.pause_button().isVisible()
    assert view.acquire.text() == "Waiting · 0 kB of 808 MB"


def test_the_same_offer_again_keeps_what_is_known(view, journal):
    view.show_repository(hub_repository())
    view.show_card(model_card(journal.last("source_chosen")))
    view.show_offer(Offer(entry=TINY, is_installed=True))
    assert view.memory.words()[3] == "weighed by llama.cpp"
