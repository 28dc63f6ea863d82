"""Installed models are removed, brought back, checked, renamed, moved and found again."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from tiny_model import write_tiny_model
from window_user import CONTROL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def user(go_to_models, wait_for, greeter, talker):
    """Somebody who has two models, of which one is loaded."""
    user = go_to_models("Installed", model="Greeter")
    wait_for(lambda: user.phase() == "idle" and len(user.installed()) == 2)
    user.choose_installed("Greeter")
    return user


def test_a_loaded_model_is_removed_brought_back_and_can_be_used_again(user, wait_for, greeter):
    user.click("Remove")
    wait_for(lambda: user.installed() == ["Talker"])
    assert not greeter.exists()
    assert "Greeter is in the trash." in user.page()
    assert [model.name for model in user.listed_models()] == ["Talker"]
    user.click("Undo")
    wait_for(lambda: user.installed() == ["Greeter", "Talker"])
    assert greeter.exists()
    user.choose_installed("Greeter")
    user.click("Load")
    wait_for(lambda: user.phase() == "idle" and "Greeter" in user.model())
    user.say("Hello")
    wait_for(lambda: user.answers() and user.answers()[0].words == "Good morning.")


def test_a_check_records_the_first_time_then_compares_and_tells_of_damage(user, wait_for, greeter):
    user.click("Verify")
    wait_for(lambda: "It was recorded now" in user.page())
    user.click("Verify again")
    wait_for(lambda: "Greeter is intact" in user.page())
    content = bytearray(greeter.read_bytes())
    content[-1] ^= 0xFF
    greeter.write_bytes(content)
    user.click("Verify again")
    wait_for(lambda: "The file has changed or is damaged" in user.page())


def test_a_file_that_was_moved_is_missing_until_it_is_located(user, wait_for, talker, tmp_path):
    user.open_tab("Find")
    moved = talker.rename(tmp_path / talker.name)
    user.open_tab("Installed")
    user.choose_installed("Talker")
    wait_for(lambda: "Locate…" in user.buttons())
    assert "The file is missing" in user.page()
    user.click("Locate…")
    [dialog] = user.window.findChildren(QFileDialog)
    dialog.selectFile(str(moved))
    dialog.accept()
    wait_for(lambda: "Load" in user.buttons())
    assert "The file is missing" not in user.page()
    user.click("Load")
    wait_for(lambda: user.phase() == "idle" and "Talker" in user.model())


def test_a_new_name_is_seen_wherever_the_model_is(user, wait_for):
    user.click("Rename")
    user.type("Morning person")
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: user.installed() == ["Morning person", "Talker"])
    assert "Morning person" in [model.name for model in user.listed_models()]
    user.press(Qt.Key.Key_1, CONTROL)
    assert "Morning person" in user.model()


def test_the_models_of_a_folder_dropped_on_the_page_are_added_in_place(user, wait_for, tmp_path):
    folder = tmp_path / "collection"
    (folder / "inner").mkdir(parents=True)
    write_tiny_model(folder / "One.gguf")
    write_tiny_model(folder / "inner" / "Two.gguf")
    assert user.drop([str(folder)], QPoint(620, 300))
    wait_for(lambda: user.installed() == ["Greeter", "One", "Talker", "Two"])
    assert "Added 2 models" in user.page()
