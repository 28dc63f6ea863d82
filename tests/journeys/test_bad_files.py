"""A model folder with files that are no models."""

import pytest
from PySide6.QtCore import QPoint, Qt
from tiny_model import write_bad_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TROUBLE = {
    "not gguf": "This is not a GGUF file",
    "empty": "The file is empty",
    "truncated": "The file is incomplete",
    "truncated header": "The file is incomplete",
    "lfs pointer": "This is a Git LFS pointer, not a model",
    "html": "This is a web page, not a model",
    "zip": "This is not a GGUF file",
    "split": "Parts of this model are missing",
    "projector": "This is a vision projector, not a model",
}


def test_each_is_named_in_the_list_none_can_be_chosen_and_the_good_one_is_loaded_at_once(
    start, wait_for, paths, greeter
):
    write_bad_files(paths.models)["unknown_architecture"].unlink()
    user = start()
    wait_for(lambda: user.phase() == "idle")
    assert "Greeter" in user.model()
    assert user.banner() == ""

    models = {model.name: model for model in user.models()}
    assert {name for name, model in models.items() if model.can_be_chosen} == {"Greeter"}
    del models["Greeter"]
    assert {name: model.trouble for name, model in models.items()} == TROUBLE
    for model in models.values():
        sentence = model.tooltip.splitlines()[1]
        assert sentence.startswith(f"{model.trouble}.")
        assert len(sentence) > len(model.trouble) + 10
        assert sentence in model.spoken

    user.choose_model("projector")
    assert "Greeter" in user.model()
    user.press(Qt.Key.Key_Escape)
    user.say("Hello")
    wait_for(lambda: user.answers() and user.answers()[0].words == "Good morning.")


def test_a_folder_without_a_model_is_refused_in_words(start, wait_for, paths, tmp_path):
    folder = tmp_path / "folder.gguf"
    folder.mkdir()
    user = start()
    assert user.drop([str(folder)], QPoint(600, 300))
    wait_for(user.banner)
    assert "There is no model in this folder" in user.banner()


def test_a_model_that_llama_cpp_refuses_is_told_and_the_one_before_comes_back(
    start, wait_for, paths, greeter
):
    write_bad_files(paths.models)
    user = start(model="Greeter")
    wait_for(lambda: user.phase() == "idle")
    user.choose_model("unknown")
    wait_for(user.banner)
    assert "unknown_architecture.gguf could not be loaded" in user.banner()
    assert "does not know the architecture “unheardof”" in user.banner()
    assert "Heft went back to Greeter." in user.banner()
    assert "Choose another model" in user.banner()
    wait_for(lambda: user.phase() == "idle")
    assert "Greeter" in user.model()
    user.say("Hello")
    wait_for(lambda: user.answers() and user.answers()[0].words == "Good morning.")
