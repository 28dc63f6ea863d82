import json
from pathlib import Path

import pytest

from desktop.core.local_model import ModelOrigin
from desktop.storage.foreign_places import usual_places


def folders(origin: ModelOrigin, home: Path, system: str = "linux", **variables: str) -> list[str]:
    """The places of one program, below the home folder where they are in it."""
    places = usual_places(variables, home, system)
    found = [Path(place.folder) for place in places if place.origin is origin]
    return [
        path.relative_to(home).as_posix() if path.is_relative_to(home) else path.as_posix()
        for path in found
    ]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("system", "origin", "folder"),
    [
        ("linux", ModelOrigin.LM_STUDIO, ".lmstudio/models"),
        ("linux", ModelOrigin.LM_STUDIO, ".cache/lm-studio/models"),
        ("linux", ModelOrigin.JAN, ".local/share/Jan/data/llamacpp/models"),
        ("darwin", ModelOrigin.JAN, "Library/Application Support/Jan/data/llamacpp/models"),
        ("win32", ModelOrigin.JAN, "AppData/Roaming/Jan/data/llamacpp/models"),
        ("linux", ModelOrigin.GPT4ALL, ".local/share/nomic.ai/GPT4All"),
        ("darwin", ModelOrigin.GPT4ALL, "Library/Application Support/nomic.ai/GPT4All"),
        ("win32", ModelOrigin.GPT4ALL, "AppData/Local/nomic.ai/GPT4All"),
        ("linux", ModelOrigin.OLLAMA, ".ollama/models"),
        ("linux", ModelOrigin.OLLAMA, "/usr/share/ollama/.ollama/models"),
        ("win32", ModelOrigin.OLLAMA, ".ollama/models"),
        ("linux", ModelOrigin.HUB_CACHE, ".cache/huggingface/hub"),
        ("win32", ModelOrigin.HUB_CACHE, ".cache/huggingface/hub"),
    ],
)
def test_each_system_has_its_usual_places(
    tmp_path: Path, system: str, origin: ModelOrigin, folder: str
):
    assert folder in folders(origin, tmp_path, system)


def test_variables_say_where_to_look(tmp_path: Path):
    ollama = folders(ModelOrigin.OLLAMA, tmp_path, OLLAMA_MODELS="/big/ollama")
    assert ollama[0] == "/big/ollama"
    assert folders(ModelOrigin.HUB_CACHE, tmp_path, HF_HOME="/big/hf") == ["/big/hf/hub"]
    assert folders(ModelOrigin.HUB_CACHE, tmp_path, HF_HOME="~/hf") == ["hf/hub"]
    assert folders(ModelOrigin.HUB_CACHE, tmp_path, HF_HUB_CACHE="/h", HF_HOME="/x") == ["/h"]
    assert folders(ModelOrigin.HUB_CACHE, tmp_path, XDG_CACHE_HOME="/c") == ["/c/huggingface/hub"]
    assert "/data/nomic.ai/GPT4All" in folders(ModelOrigin.GPT4ALL, tmp_path, XDG_DATA_HOME="/data")
    jan = folders(ModelOrigin.JAN, tmp_path, "win32", APPDATA="/roaming")
    assert "/roaming/Jan/data/llamacpp/models" in jan


def test_the_settings_of_other_programs_are_read(tmp_path: Path):
    write(tmp_path / ".lmstudio-home-pointer", "/big/lmstudio\n")
    write(tmp_path / ".lmstudio" / "settings.json", json.dumps({"downloadsFolder": "/big/lm"}))
    assert {"/big/lmstudio/models", "/big/lm"} <= set(folders(ModelOrigin.LM_STUDIO, tmp_path))
    jan = tmp_path / ".local/share/Jan/settings.json"
    write(jan, json.dumps({"data_folder": "/big/jan"}))
    assert "/big/jan/llamacpp/models" in folders(ModelOrigin.JAN, tmp_path)
    ini = "[General]\nchatTheme=Dark\nmodelPath=/big/gpt4all\n"
    write(tmp_path / ".config/nomic.ai/GPT4All.ini", ini)
    assert "/big/gpt4all" in folders(ModelOrigin.GPT4ALL, tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"downloadsFolder": 5}', '{"other": "x"}'])
def test_settings_that_make_no_sense_add_nothing(tmp_path: Path, text: str):
    before = folders(ModelOrigin.LM_STUDIO, tmp_path)
    write(tmp_path / ".lmstudio" / "settings.json", text)
    assert folders(ModelOrigin.LM_STUDIO, tmp_path) == before
