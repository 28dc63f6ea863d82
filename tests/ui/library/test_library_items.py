"""The order of the installed models, and which of them a search finds."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.core.local_model import ModelEntry
from desktop.ui.library.library_items import LibraryItems, LibraryOrder, arrange, rows_of

TODAY = date(2026, 7, 15)


def names(entries: tuple[ModelEntry, ...]) -> list[str]:
    return [entry.model.name for entry in entries]


@pytest.fixture
def used(entries, starter, middle) -> tuple[ModelEntry, ...]:
    """The four models; the middle one was used after the starter, the others never."""
    moments = {
        starter.model.path: "2026-07-12T09:00:00+00:00",
        middle.model.path: "2026-07-14T09:00:00+00:00",
    }
    return tuple(
        replace(entry, last_used_at=moments.get(entry.model.path, "")) for entry in entries
    )


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (LibraryOrder.LAST_USED, ["Qwen3 4B", "SmolLM2 135M Instruct", "Llama 3.3 70B", "page"]),
        (LibraryOrder.NAME, ["Llama 3.3 70B", "page", "Qwen3 4B", "SmolLM2 135M Instruct"]),
        (LibraryOrder.SIZE, ["Llama 3.3 70B", "Qwen3 4B", "SmolLM2 135M Instruct", "page"]),
        (LibraryOrder.MEMORY, ["Llama 3.3 70B", "Qwen3 4B", "SmolLM2 135M Instruct", "page"]),
        (LibraryOrder.SPEED, ["SmolLM2 135M Instruct", "Qwen3 4B", "Llama 3.3 70B", "page"]),
    ],
)
def test_models_are_sorted_and_what_is_not_known_comes_last(used, order, expected) -> None:
    assert names(arrange(used, order, "")) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("qwen", ["Qwen3 4B"]),
        ("4b q4", ["Qwen3 4B"]),
        ("added by", ["Llama 3.3 70B"]),
        ("70b small", []),
    ],
)
def test_a_search_looks_at_name_packing_and_origin(used, words, expected) -> None:
    assert names(arrange(used, LibraryOrder.NAME, words)) == expected


def test_rows_that_stay_are_changed_in_place(qtbot, used) -> None:
    items = LibraryItems()
    items.show_rows(rows_of(used, None, TODAY))
    with qtbot.assertNotEmitted(items.modelReset), qtbot.waitSignal(items.dataChanged):
        items.show_rows(rows_of(used, used[0].model.path, TODAY))
    with qtbot.waitSignal(items.modelReset):
        items.show_rows(rows_of(used[1:], None, TODAY))
