"""The sidebar: which chats there are, and what is done to them."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.core.conversation import ConversationSummary, Renaming
from desktop.core.settings import ThemeChoice
from desktop.ui.chat.conversation_items import day_name
from desktop.ui.chat.conversation_list import ConversationList
from desktop.ui.chat.conversation_list_view import ConversationListView

TODAY = date(2025, 6, 18)


def summaries(count: int) -> tuple[ConversationSummary, ...]:
    now = datetime.now(UTC)
    return tuple(
        ConversationSummary(number, f"Chat {number}", now - timedelta(days=2 * number), "Qwen3 4B")
        for number in range(count)
    )


@pytest.fixture
def sidebar(qtbot: QtBot) -> ConversationList:
    view = ConversationList()
    qtbot.addWidget(view)
    view.resize(244, 700)
    view.show_conversations(summaries(6))
    view.show()
    return view


def rows(sidebar: ConversationList) -> list[str]:
    model = sidebar.list_view().model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def point_of(view: ConversationListView, title: str) -> QPoint:
    model = view.model()
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if index.data() == title:
            return view.visualRect(index).center()
    raise AssertionError(title)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2025, 6, 18), "Today"),
        (date(2025, 6, 19), "Today"),
        (date(2025, 6, 17), "Yesterday"),
        (date(2025, 6, 16), "Previous 7 days"),
        (date(2025, 6, 11), "Previous 7 days"),
        (date(2025, 6, 10), "June"),
        (date(2025, 1, 1), "January"),
        (date(2024, 12, 31), "December 2024"),
    ],
)
def test_a_group_is_named_by_the_age_of_its_chats(day: date, name: str) -> None:
    assert day_name(datetime(day.year, day.month, day.day, 12), TODAY) == name  # noqa: DTZ001


def test_chats_stand_under_the_day_they_were_used(sidebar: ConversationList) -> None:
    assert rows(sidebar)[:4] == ["Today", "Chat 0", "Previous 7 days", "Chat 1"]


def test_a_click_chooses_a_chat_once(qtbot: QtBot, sidebar: ConversationList) -> None:
    view = sidebar.list_view()
    with qtbot.waitSignal(sidebar.conversation_chosen) as blocker:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, "Chat 2"))
    assert blocker.args == [2]
    with qtbot.assertNotEmitted(sidebar.conversation_chosen):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, "Chat 2"))


def test_the_arrow_keys_choose_a_chat(qtbot: QtBot, sidebar: ConversationList) -> None:
    sidebar.select(1)
    with qtbot.waitSignal(sidebar.conversation_chosen) as blocker:
        qtbot.keyClick(sidebar.list_view(), Qt.Key.Key_Down)
    assert blocker.args == [2]


def test_marking_the_chat_that_is_shown_is_no_wish(qtbot: QtBot, sidebar: ConversationList) -> None:
    with qtbot.assertNotEmitted(sidebar.conversation_chosen):
        sidebar.select(3)
        sidebar.select(None)
        sidebar.select(4)
    assert sidebar.list_view().currentIndex().data() == "Chat 4"


def test_the_mark_stays_when_the_list_changes(qtbot: QtBot, sidebar: ConversationList) -> None:
    sidebar.select(3)
    with qtbot.assertNotEmitted(sidebar.conversation_chosen):
        sidebar.show_conversations(summaries(5)[1:])
    assert sidebar.list_view().currentIndex().data() == "Chat 3"
    sidebar.show_conversations(summaries(2))
    assert not sidebar.list_view().currentIndex().isValid()
    sidebar.show_conversations(summaries(5))
    assert sidebar.list_view().currentIndex().data() == "Chat 3"


def test_delete_asks_for_the_chat_to_go(qtbot: QtBot, sidebar: ConversationList) -> None:
    sidebar.select(2)
    with qtbot.waitSignal(sidebar.deletion_requested) as blocker:
        qtbot.keyClick(sidebar.list_view(), Qt.Key.Key_Delete)
    assert blocker.args == [2]


def test_the_menu_deletes_the_chat_under_the_pointer_without_opening_it(
    qtbot: QtBot, sidebar: ConversationList
) -> None:
    view = sidebar.list_view()
    sidebar.select(0)
    place = point_of(view, "Chat 3")
    with qtbot.assertNotEmitted(sidebar.conversation_chosen):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=place)
        view.customContextMenuRequested.emit(place)
    with qtbot.waitSignal(sidebar.deletion_requested) as blocker:
        view.menu.actions()[1].trigger()
    view.menu.close()
    assert blocker.args == [3]


def test_a_title_is_edited_in_place(qtbot: QtBot, sidebar: ConversationList) -> None:
    sidebar.select(2)
    view = sidebar.list_view()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F2)
    editor = view.findChild(QLineEdit)
    editor.setText("  Better title ")
    with qtbot.waitSignal(sidebar.rename_requested) as blocker:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert blocker.args == [Renaming(2, "Better title")]
    assert "Chat 2" in rows(sidebar)


def test_an_empty_title_changes_nothing(qtbot: QtBot, sidebar: ConversationList) -> None:
    model = sidebar.list_view().model()
    with qtbot.assertNotEmitted(sidebar.rename_requested):
        model.setData(model.index(1, 0), "   ")


def test_search_tells_the_words(qtbot: QtBot, sidebar: ConversationList) -> None:
    with qtbot.waitSignal(sidebar.search_changed) as blocker:
        sidebar.search.setText(" tides ")
    assert blocker.args == ["tides"]


def test_esc_ends_the_search(qtbot: QtBot, sidebar: ConversationList) -> None:
    sidebar.focus_search()
    sidebar.search.setText("tides")
    with qtbot.waitSignal(sidebar.search_changed) as blocker:
        qtbot.keyClick(sidebar.search, Qt.Key.Key_Escape)
    assert blocker.args == [""]


def test_a_new_chat_is_one_button_away(qtbot: QtBot, sidebar: ConversationList) -> None:
    button = next(b for b in sidebar.findChildren(QPushButton) if b.text() == "New chat")
    with qtbot.waitSignal(sidebar.new_chat_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_theme_is_chosen_and_ticked(qtbot: QtBot, sidebar: ConversationList) -> None:
    sidebar.show_theme(ThemeChoice.LIGHT)
    _system, light, dark = sidebar.theme_actions()
    assert light.isChecked()
    with qtbot.waitSignal(sidebar.theme_chosen) as blocker:
        dark.trigger()
    assert blocker.args == [ThemeChoice.DARK]
    assert not light.isChecked()


def test_a_thousand_chats_are_listed_and_painted_fast(sidebar: ConversationList) -> None:
    started_s = perf_counter()
    sidebar.show_conversations(summaries(1000))
    sidebar.grab()
    assert perf_counter() - started_s < 0.5
