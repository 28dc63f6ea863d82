from dataclasses import replace
from pathlib import Path

import pytest
from hub_offers import CATALOGUE, MB, SURROUNDINGS, TINY_REPO, hub_repository, hub_summary
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListView
from signal_journal import SignalJournal

from desktop.core.errors import Problem
from desktop.core.hub_model import HubFault, HubPage, HubQuery, HubRefusal
from desktop.core.local_model import LocalModel, ModelEntry, ModelOrigin
from desktop.ui.discover.discover_view import DiscoverView
from desktop.ui.discover.model_card_view import ModelCardView
from desktop.ui.discover.offer_pane import OfferPane

NO_NETWORK = HubRefusal(HubFault.NO_NETWORK, Problem("No network", "The Hub is out of reach."))
GATED = HubRefusal(HubFault.GATED, Problem("Gated", "Its licence must be accepted."))


@pytest.fixture
def view(qtbot) -> DiscoverView:
    view = DiscoverView(OfferPane(), ModelCardView())
    qtbot.addWidget(view)
    view.resize(1036, 700)
    view.show_catalogue(CATALOGUE)
    view.show_surroundings(SURROUNDINGS)
    view.show()
    return view


@pytest.fixture
def journal(view: DiscoverView) -> SignalJournal:
    names = ("search_requested", "repository_requested", "source_chosen", "access_requested")
    return SignalJournal(view, *names)


def search(view: DiscoverView, qtbot, words: str) -> None:
    field = view.findChild(QLineEdit)
    field.clear()
    qtbot.keyClicks(field, words)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def names(view: DiscoverView) -> list[str]:
    return [offer.name for offer in view.offers.offers()]


def status(view: DiscoverView) -> str:
    return view.offers._status.text()


def retry(view: DiscoverView) -> None:
    view.offers._refusal._retry.click()


def models(view: DiscoverView) -> QListView:
    return view.offers._list


def test_without_words_the_catalogue_is_there_and_nothing_is_asked_of_the_hub(view, journal):
    assert names(view) == ["Tiny 1B", "Giant 70B", "Hosted"]
    assert status(view) == "2 models that Heft knows, listed offline"
    assert journal.names() == []


def test_a_search_shows_the_catalogue_at_once_and_the_hub_when_it_answers(view, journal, qtbot):
    search(view, qtbot, "tiny")
    assert journal.last("search_requested") == HubQuery(words="tiny")
    assert names(view) == ["Tiny 1B"]
    assert status(view) == "Searching the Hub…"
    view.show_page(HubPage(HubQuery(words="tiny"), (hub_summary("a/other-1B"),), ""))
    assert names(view) == ["Tiny 1B", "other-1B"]
    assert status(view) == "1 found on the Hub"


def test_an_answer_that_is_no_longer_wanted_is_left_out(view, qtbot):
    search(view, qtbot, "tiny")
    search(view, qtbot, "giant")
    view.show_page(HubPage(HubQuery(words="tiny"), (hub_summary("a/other-1B"),), ""))
    assert names(view) == ["Giant 70B"]
    assert status(view) == "Searching the Hub…"


def test_the_next_page_is_asked_for_as_the_end_comes_near(view, journal, qtbot):
    many = tuple(hub_summary(f"a/model-{number}-1B") for number in range(40))
    search(view, qtbot, "model")
    query = HubQuery(words="model")
    view.show_page(HubPage(query, many, "page-2"))
    assert journal.all("search_requested") == [query]
    assert status(view) == "40 found on the Hub, more as you scroll"
    models(view).scrollToBottom()
    assert journal.last("search_requested") == replace(query, cursor="page-2")
    place = models(view).verticalScrollBar().value()
    view.show_page(HubPage(replace(query, cursor="page-2"), (hub_summary("a/last-1B"),), ""))
    assert names(view)[-1] == "last-1B"
    assert models(view).verticalScrollBar().value() == place


def test_a_short_page_does_not_wait_for_scrolling(view, journal, qtbot):
    search(view, qtbot, "model")
    view.show_page(HubPage(HubQuery(words="model"), (hub_summary("a/one-1B"),), "page-2"))
    assert journal.last("search_requested").cursor == "page-2"


def test_nothing_found_teaches_and_offers_to_drop_the_filters(view, journal, qtbot):
    view.offers.filters._fits.click()
    search(view, qtbot, "zzz")
    view.show_page(HubPage(journal.last("search_requested"), (), ""))
    assert view.offers._empty.isVisible()
    assert view.offers._empty.text() == "Nothing passes these filters. Fewer of them find more."
    view.offers._clear.click()
    assert journal.last("search_requested") == HubQuery(words="zzz")
    view.show_page(HubPage(HubQuery(words="zzz"), (), ""))
    assert "“zzz”" in view.offers._empty.text()


def test_a_refused_search_is_told_in_the_list_and_can_be_tried_again(view, journal, qtbot):
    search(view, qtbot, "tiny")
    view.show_refusal(NO_NETWORK)
    assert view.offers._refusal.isVisible()
    assert names(view) == ["Tiny 1B"]
    retry(view)
    assert journal.all("search_requested") == [HubQuery(words="tiny")] * 2
    assert not view.offers._refusal.isVisible()


def test_an_emptied_field_leads_back_to_the_catalogue(view, qtbot):
    search(view, qtbot, "tiny")
    view.show_refusal(NO_NETWORK)
    view.findChild(QLineEdit).clear()
    assert not view.offers._refusal.isVisible()
    assert len(names(view)) == 3


def test_the_hub_can_be_browsed_without_words(view, journal):
    view.offers._browse.click()
    assert journal.last("search_requested") == HubQuery()
    view.show_page(HubPage(HubQuery(), (hub_summary("a/first-1B"),), ""))
    assert names(view) == ["first-1B"]
    view.offers._browse.click()
    assert len(names(view)) == 3


def test_the_chosen_row_opens_its_repository_and_the_best_file_is_weighed(view, journal, qtbot):
    view.offers.select_repository(TINY_REPO)
    qtbot.waitUntil(lambda: "repository_requested" in journal)
    assert journal.last("repository_requested") == TINY_REPO
    view.show_repository(hub_repository())
    assert journal.last("source_chosen").file.quantization == "Q4_K_M"


def test_walking_through_the_list_opens_only_where_one_stays(view, journal, qtbot):
    view.offers.focus_list()
    qtbot.keyClick(models(view), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "repository_requested" in journal)
    assert journal.all("repository_requested") == ["acme/Giant-GGUF"]


def test_another_choice_does_not_wait_for_the_repository_before(view, journal):
    view.show_entry("tiny-1b")
    view.show_entry("giant-70b")
    assert journal.all("repository_requested") == [TINY_REPO, "acme/Giant-GGUF"]
    view.show_refusal(NO_NETWORK)
    assert view.card.refusal.refusal() == NO_NETWORK


def test_refusals_go_to_what_was_asked_first(view, journal, qtbot):
    view.show_entry("tiny-1b")
    search(view, qtbot, "giant")
    view.show_refusal(GATED)
    assert view.card.refusal.refusal() == GATED
    assert view.offers._refusal.refusal() is None
    view.show_refusal(NO_NETWORK)
    assert view.offers._refusal.refusal() == NO_NETWORK


def test_a_gated_repository_offers_to_add_a_token_and_opens_on_retry(view, journal):
    view.show_entry("tiny-1b")
    view.show_refusal(GATED)
    view.card.refusal._access.click()
    assert "access_requested" in journal
    view.retry()
    assert journal.all("repository_requested") == [TINY_REPO] * 2
    view.show_repository(hub_repository())
    assert view.card.refusal.refusal() is None


def test_a_refusal_that_nobody_here_asked_for_is_left_out(view):
    view.show_refusal(NO_NETWORK)
    assert view.card.refusal.refusal() is None
    assert view.offers._refusal.refusal() is None


def test_a_pasted_address_of_a_file_weighs_that_file(view, journal, qtbot):
    address = f"https://huggingface.co/{TINY_REPO}/blob/main/Tiny-1B-Q8_0.gguf"
    search(view, qtbot, address)
    view.show_page(HubPage(HubQuery(words=address), (hub_summary(),), ""))
    qtbot.waitUntil(lambda: "repository_requested" in journal)
    view.show_repository(hub_repository())
    assert journal.last("source_chosen").file.quantization == "Q8_0"


def test_a_narrow_view_shows_list_or_card_and_esc_leads_back(view, qtbot):
    view.resize(640, 440)
    assert view.offers.isVisible()
    assert not view.is_card_open
    view.offers.focus_list()
    qtbot.keyClick(models(view), Qt.Key.Key_Return)
    assert view.is_card_open
    assert not view.offers.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.offers.isVisible()
    assert not view.is_card_open
    view.resize(1036, 700)
    assert view.offers.isVisible()
    assert view.is_card_open


@pytest.mark.parametrize("width", [400, 640, 768, 899, 900, 1036, 1600])
def test_nothing_is_cut_off_at_any_width(view, width):
    view.resize(width, 440)
    view.show_entry("tiny-1b")
    view.show_repository(hub_repository())
    column = view.card._scroll.widget()
    assert column.width() >= column.minimumSizeHint().width()
    assert column.width() <= view.card._scroll.viewport().width()


def test_esc_leaves_a_search(view, qtbot):
    search(view, qtbot, "tiny")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.findChild(QLineEdit).text() == ""
    assert len(names(view)) == 3


def test_what_is_installed_is_marked_and_opens_in_chat(view, qtbot):
    path = Path("/models/Tiny-1B-Q4_K_M.gguf")
    model = LocalModel(path, "Tiny 1B", 808 * MB, ModelOrigin.HEFT)
    view.show_entry("tiny-1b")
    view.show_installed((ModelEntry(model, None, None, fit="", is_heavy=False),))
    assert view.offers.offers()[0].is_installed
    with qtbot.waitSignal(view.model_chosen) as chosen:
        view.card.acquire.button().click()
    assert chosen.args == [path]


def test_a_model_that_cannot_be_had_leads_to_one_that_can(view, journal):
    view.show_entry("hosted")
    assert view.card.alternatives.isVisible()
    assert not view.card.memory.isVisible()
    assert view.card.alternatives.buttons() == ("Giant 70B", "Tiny 1B")
    view.card.alternatives.choose(1)
    assert view.card.subject.offer.name == "Tiny 1B"
    assert journal.all("repository_requested") == [TINY_REPO]


def test_when_the_hub_owes_nothing_more_no_search_is_waited_for(view, qtbot):
    search(view, qtbot, "tiny")
    view.show_busy(False)
    assert status(view) == "Nothing found on the Hub"
