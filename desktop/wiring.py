"""Every connection between a view and a service; the circuit diagram of the window."""

from desktop.services.chat_controller import ChatController
from desktop.services.engine_client import EngineClient
from desktop.services.model_library import ModelLibrary
from desktop.services.model_switch import ModelSwitch
from desktop.services.preferences import Preferences
from desktop.services.telemetry_sampler import TelemetrySampler
from desktop.ui.main_window import MainWindow


def wire_chat(window: MainWindow, chat: ChatController) -> None:
    """Conversations, their messages, and what the user writes."""
    window.composer.message_submitted.connect(chat.send)
    window.composer.stop_requested.connect(chat.stop)
    window.welcome.prompt_chosen.connect(chat.send)
    window.transcript.retry_requested.connect(chat.retry)
    window.conversations.conversation_chosen.connect(chat.open_conversation)
    window.conversations.new_chat_requested.connect(chat.start_conversation)
    window.conversations.search_changed.connect(chat.search)
    window.conversations.rename_requested.connect(chat.rename_conversation)
    window.conversations.deletion_requested.connect(chat.delete_conversation)
    window.undo_requested.connect(chat.restore_deleted)
    chat.conversation_opened.connect(window.show_conversation)
    chat.conversations_changed.connect(window.conversations.show_conversations)
    chat.message_added.connect(window.add_message)
    chat.text_appended.connect(window.transcript.append_text)
    chat.message_replaced.connect(window.transcript.replace_message)
    chat.answering_changed.connect(window.composer.set_answering)
    chat.conversation_deleted.connect(window.show_deletion)
    chat.failed.connect(window.show_problem)


def wire_engine(window: MainWindow, engine: EngineClient) -> None:
    """What the engine does, wherever it is shown."""
    engine.status_changed.connect(window.show_status)
    window.picker.load_cancelled.connect(engine.cancel_load)


def wire_models(window: MainWindow, library: ModelLibrary, switch: ModelSwitch) -> None:
    """Which models there are, and choosing one."""
    window.picker.model_chosen.connect(switch.choose)
    window.picker.opened.connect(library.rescan)
    window.picker.file_added.connect(library.add_file)
    window.files_dropped.connect(library.add_files)
    window.question.answered.connect(switch.answer)
    library.entries_changed.connect(window.show_entries)
    library.failed.connect(window.show_problem)
    switch.current_changed.connect(window.picker.show_current)
    switch.question_asked.connect(window.ask)
    switch.question_withdrawn.connect(window.question.withdraw)
    switch.notice_given.connect(window.show_notice)
    switch.problem_raised.connect(window.show_problem)


def wire_telemetry(window: MainWindow, sampler: TelemetrySampler) -> None:
    """The once-a-second look at the machine."""
    sampler.snapshot_taken.connect(window.show_snapshot)


def wire_preferences(window: MainWindow, preferences: Preferences, switch: ModelSwitch) -> None:
    """What is remembered between two starts."""
    window.theme_chosen.connect(preferences.choose_theme)
    preferences.theme_changed.connect(window.conversations.show_theme)
    switch.current_changed.connect(preferences.remember_model)
    preferences.failed.connect(window.show_problem)
