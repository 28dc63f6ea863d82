from pathlib import Path

from PySide6.QtCore import Qt

from desktop.ui.models.model_items import ROW_ROLE, ModelItems, rows_of


def names(entries, words: str = "") -> list[str]:
    items = ModelItems()
    items.show_rows(tuple(rows_of(entries, None, words)))
    return [items.index(row).data() for row in range(items.rowCount())]


def test_models_stand_below_the_heading_of_their_group(entries):
    assert names(entries) == [
        "Ready",
        "SmolLM2 135M Instruct",
        "Qwen3 4B",
        "Heavy for this machine",
        "Llama 3.3 70B",
        "Cannot be used",
        "page",
    ]


def test_a_group_without_models_has_no_heading(starter):
    assert names((starter,)) == ["Ready", "SmolLM2 135M Instruct"]
    assert names(()) == []


def test_every_word_of_a_search_must_be_found(entries):
    assert names(entries, "q4_k_m LLAMA") == ["Heavy for this machine", "Llama 3.3 70B"]
    assert names(entries, "llama 135") == []
    assert names(entries, "smollm2-135m") == ["Ready", "SmolLM2 135M Instruct"]


def test_headings_and_unusable_files_cannot_be_chosen(entries):
    items = ModelItems()
    items.show_rows(tuple(rows_of(entries, None, "")))
    choosable = [
        items.index(row).data()
        for row in range(items.rowCount())
        if items.flags(items.index(row)) & Qt.ItemFlag.ItemIsSelectable
    ]
    assert choosable == ["SmolLM2 135M Instruct", "Qwen3 4B", "Llama 3.3 70B"]


def test_the_model_in_use_is_marked(entries, middle):
    rows = rows_of(entries, middle.model.path, "")
    assert [row.entry for row in rows if row.is_current] == [middle]


def test_a_problem_is_told_whole_in_the_tooltip(broken):
    items = ModelItems()
    items.show_rows(tuple(rows_of((broken,), None, "")))
    hint = items.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert "Not a GGUF file. It is an HTML page. Download it again." in hint
    assert str(Path("/models/page.gguf")) in hint
    assert items.index(1).data(ROW_ROLE).entry is broken


def test_the_same_rows_again_change_nothing(entries, qtbot):
    items = ModelItems()
    items.show_rows(tuple(rows_of(entries, None, "")))
    with qtbot.assertNotEmitted(items.modelReset):
        items.show_rows(tuple(rows_of(entries, None, "")))
