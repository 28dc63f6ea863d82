"""Searches, through the real client."""

import pytest
from hub_server import Faults, HubServer, Port, Refusal

from desktop.core.hub_model import HubFault, HubPage, HubQuery, HubSort
from desktop.core.model_class import ModelClass
from desktop.hub.api import search
from desktop.hub.fault import HubError

BILLION = 1_000_000_000


def names(page: HubPage) -> list[str]:
    return [model.repo for model in page.models]


def add(server: HubServer, repo: str, billions: float | None = 1, **facts: object) -> None:
    parameters = None if billions is None else int(billions * BILLION)
    server.add_repository(repo, {"m-Q4_K_M.gguf": b"GGUF"}, parameters=parameters, **facts)


def all_pages(query: HubQuery) -> list[HubPage]:
    pages = [search(query)]
    while pages[-1].next_cursor:
        pages.append(search(HubQuery(query.words, query.sort, cursor=pages[-1].next_cursor)))
    return pages


def test_a_search_finds_words_and_lists_what_the_hub_knows(server):
    add(
        server,
        "ann/Tiny-Chat-GGUF",
        1.5,
        license="apache-2.0",
        downloads=7,
        likes=3,
        architecture="qwen2",
        context_length=32768,
        languages=("en", "fr"),
    )
    add(server, "bob/Other-GGUF")
    [model] = search(HubQuery("tiny chat")).models
    assert (model.repo, model.owner, model.name) == ("ann/Tiny-Chat-GGUF", "ann", "Tiny-Chat-GGUF")
    assert (model.downloads, model.likes, model.license) == (7, 3, "apache-2.0")
    assert (model.parameters, model.architecture) == (1_500_000_000, "qwen2")
    assert (model.context_limit_tokens, model.languages) == (32768, ("en", "fr"))
    assert not model.is_gated
    assert model.updated_at == "2025-06-01T12:00:00.000Z"


def test_only_repositories_with_gguf_files_are_found(server):
    add(server, "ann/a")
    server.add_repository("ann/raw", {"model.safetensors": b"x"})
    assert names(search(HubQuery())) == ["ann/a"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [(HubSort.DOWNLOADS, "abc"), (HubSort.LIKES, "cba"), (HubSort.NEWEST, "bca")],
)
def test_a_search_is_sorted(server, sort, order):
    add(server, "o/a", downloads=3, likes=1, updated_at="2024-01-01T00:00:00.000Z")
    add(server, "o/b", downloads=2, likes=2, updated_at="2026-01-01T00:00:00.000Z")
    add(server, "o/c", downloads=1, likes=3, updated_at="2025-01-01T00:00:00.000Z")
    assert names(search(HubQuery(sort=sort))) == [f"o/{letter}" for letter in order]


def test_pages_follow_each_other_without_gaps(server):
    for number in range(45):
        add(server, f"o/model-{number:02}", downloads=100 - number)
    pages = all_pages(HubQuery("model"))
    assert [len(page.models) for page in pages] == [20, 20, 5]
    assert [name for page in pages for name in names(page)] == [
        f"o/model-{n:02}" for n in range(45)
    ]


def test_a_next_page_elsewhere_is_never_asked_for(server):
    with HubServer() as evil:
        for number in range(30):
            add(server, f"o/model-{number}")
        pages = search(HubQuery("model"))
        elsewhere = f"{evil.endpoint}/api/models?{pages.next_cursor}"
        search(HubQuery("model", cursor=elsewhere.partition("?")[2]))
        assert evil.requests == []
    assert len(server.requests) == 2


def test_filters_of_the_hub(server):
    add(server, "o/free", license="mit")
    add(server, "o/bound", license="llama3", gated=True)
    assert names(search(HubQuery(license="mit"))) == ["o/free"]
    assert names(search(HubQuery(includes_gated=False))) == ["o/free"]
    assert [model.is_gated for model in search(HubQuery(license="llama3")).models] == [True]


def test_the_size_class_is_sorted_out_here(server):
    add(server, "o/one", 1.2)
    add(server, "o/eight", 8)
    add(server, "o/named-70B", None)
    add(server, "o/unknown", None)
    assert names(search(HubQuery(size_class=ModelClass.SMALL))) == ["o/one"]
    assert names(search(HubQuery(size_class=ModelClass.LARGE))) == ["o/eight", "o/named-70B"]


def test_what_does_not_fit_this_machine_is_left_out(server):
    add(server, "o/one", 0.1)
    add(server, "o/giant", 5000)
    add(server, "o/unknown", None)
    assert names(search(HubQuery(only_fitting=True))) == ["o/one"]


def test_filtered_pages_are_filled_from_the_next_ones(server):
    for number in range(60):
        add(server, f"o/m{number}", 100 if number % 4 else 1, downloads=100 - number)
    page = search(HubQuery(size_class=ModelClass.SMALL))
    assert names(page) == [f"o/m{number}" for number in range(0, 40, 4)]
    assert page.next_cursor
    assert len(server.requests) == 2


def test_a_search_that_finds_nothing_gives_up_after_some_pages(server):
    for number in range(200):
        add(server, f"o/m{number}", 100)
    page = search(HubQuery(size_class=ModelClass.SMALL))
    assert page.models == ()
    assert page.next_cursor
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "words",
    [
        "ann/Tiny-GGUF",
        " ann/Tiny-GGUF ",
        "https://huggingface.co/ann/Tiny-GGUF",
        "https://huggingface.co/ann/Tiny-GGUF/blob/main/m-Q4_K_M.gguf",
    ],
)
def test_a_name_or_an_address_finds_that_repository_alone(server, words):
    add(server, "ann/Tiny-GGUF")
    add(server, "ann/Tiny-GGUF-too")
    assert names(search(HubQuery(words))) == ["ann/Tiny-GGUF"]


def test_a_repository_without_gguf_leads_to_those_made_from_it(server):
    server.add_repository("meta/Model", {"model.safetensors": b"x"})
    add(server, "ann/quantised", base_models=("meta/Model",))
    add(server, "ann/Model-of-another")
    assert names(search(HubQuery("meta/Model"))) == ["ann/quantised"]


def test_half_a_name_is_searched_for(server):
    add(server, "ann/Tiny-GGUF")
    assert names(search(HubQuery("ann/Tiny"))) == ["ann/Tiny-GGUF"]


def test_only_what_is_needed_is_asked_of_the_hub_and_nothing_of_others(server):
    add(server, "ann/a")
    search(HubQuery("a"))
    assert server.paths() == ["GET /api/models"]
    assert server.requests[0].user_agent.startswith("heft/")


@pytest.mark.usefixtures("signed_in")
def test_a_search_with_a_token_finds_private_models(server):
    add(server, "alice/mine", private=True, granted={"alice"})
    assert names(search(HubQuery())) == ["alice/mine"]


@pytest.mark.parametrize(
    ("faults", "fault"),
    [
        (Faults(is_portal=True), HubFault.SIGN_IN_PAGE),
        (Faults(refusal=Refusal(500)), HubFault.SERVER),
        (Faults(refusal=Refusal(429)), HubFault.RATE_LIMITED),
        (Faults(refusal=Refusal(302, headers={"Location": "/login"})), HubFault.GONE),
    ],
)
def test_a_failure_is_told_after_one_try(server, faults, fault):
    add(server, "ann/a")
    server.faults = faults
    with pytest.raises(HubError) as caught:
        search(HubQuery())
    assert caught.value.refusal.fault is fault
    assert [one.port for one in server.requests] in ([Port.HUB], [Port.HUB] * 2)


def test_offline_nothing_is_asked(server, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(HubError) as caught:
        search(HubQuery())
    assert caught.value.refusal.fault is HubFault.OFFLINE
    assert server.requests == []
