"""The set-up, step by step; a step is skipped when nothing it depends on has changed."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import llama_wheel
import starter_model
import system_libraries
from places import CONSTRAINTS, ROOT, VENV, site_packages, venv_program
from stamps import Stamps
from watched_process import SetupError, WatchedCommand, run_watched


def prepare(*, virtual_screen: bool) -> Path:
    """Make this checkout ready to run; returns the verified starter model in the cache.

    Raises SetupError, in words, when a step cannot be done.
    """
    system_libraries.ensure(virtual_screen=virtual_screen)
    _make_venv()
    stamps = _stamps()
    _install_packages(stamps)
    return _fetch_starter(stamps)


def place_starter(arguments: list[str]) -> None:
    """Put the starter model into the model folder of the app that is started like this."""
    models = _models_folder(data_dir_of(arguments))
    if not starter_model.is_whole(models / starter_model.MODEL_FILE):
        starter_model.place(models)


def _stamps() -> Stamps:
    return Stamps(VENV / ".heft-stamps.json")


def _make_venv() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    # Its programs name their folder, so it does not survive being moved.
    inputs = (version, str(VENV))
    if venv_program("python").exists() and _stamps().product("venv", *inputs):
        return
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    title = "Making the virtual environment"
    run_watched(WatchedCommand(title, command, f"Python {version}", lambda _line: None))
    _stamps().remember("venv", str(VENV), *inputs)


def _install_packages(stamps: Stamps) -> None:
    inputs = (CONSTRAINTS.read_text("utf-8"), _project_inputs(), llama_wheel.build_key())
    products = (site_packages() / "llama_cpp", site_packages() / "PySide6", venv_program("heft"))
    if stamps.product("packages", *inputs) and all(product.exists() for product in products):
        return
    wheel = llama_wheel.find_or_build(venv_program("python"))
    _pip("Installing llama.cpp", "--no-deps", "--force-reinstall", str(wheel))
    _pip("Installing the Python packages", "-e", ".[dev]")
    stamps.remember("packages", str(wheel), *inputs)


def _project_inputs() -> str:
    """Return the parts of pyproject.toml that an installation depends on."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    parts = (settings["build-system"], settings["project"], settings["tool"]["setuptools"])
    return json.dumps(parts, sort_keys=True)


def _pip(title: str, *arguments: str) -> None:
    # Through the environment the versions hold for the build tools as well.
    constraints = CONSTRAINTS.relative_to(ROOT).as_posix()
    environment = {"PIP_CONSTRAINT": constraints, "PIP_BUILD_CONSTRAINT": constraints}
    command = [str(venv_program("python")), "-m", "pip", "install", *arguments]
    run_watched(WatchedCommand(title, command, "reading", _describe_pip, environment))


def _describe_pip(line: str) -> str | None:
    words = line.split()
    if len(words) > 1 and words[0] in ("Collecting", "Downloading"):
        return " ".join([words[0].lower(), words[1].split("/")[-1], *words[2:4]])
    return "unpacking" if line.startswith("Installing collected") else None


def _fetch_starter(stamps: Stamps) -> Path:
    model = starter_model.cached_model()
    if starter_model.is_whole(model) and stamps.product("starter", str(model), _state(model)):
        return model
    model = starter_model.fetch()
    stamps.remember("starter", starter_model.SHA256, str(model), _state(model))
    return model


def _state(file: Path) -> str:
    return str(file.stat().st_mtime_ns)


def data_dir_of(arguments: list[str]) -> str:
    """Return the data folder that the app's arguments name; empty for its default."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--data-dir":
            return value or "".join(arguments[position + 1 : position + 2])
    return ""


def _models_folder(data_dir: str) -> Path:
    """Ask the app itself where its models are, once for each setting that it depends on."""
    names = ("HEFT_DATA_DIR", "XDG_DATA_HOME", "HOME", "LOCALAPPDATA")
    inputs = (data_dir, str(Path.cwd()), *(os.environ.get(name, "") for name in names))
    stamps = _stamps()
    known = stamps.product("models", *inputs)
    if known:
        return Path(known)
    question = (
        "import sys; from pathlib import Path; from desktop.storage.paths import Paths;"
        "given = Path(sys.argv[1]) if sys.argv[1] else None;"
        "print(Paths.default(given).models.resolve())"
    )
    command = [str(venv_program("python")), "-c", question, data_dir]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SetupError(f"{answer.stderr}\nThe app cannot tell where its models are.")
    models = answer.stdout.strip()
    stamps.remember("models", models, *inputs)
    return Path(models)
