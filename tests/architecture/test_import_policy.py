"""Who may import what; import-linter checks the layers, this table the rest."""

import sys

import pytest

IMPORTERS = {
    "PySide6": {"ui", "services", "models_place.py", "app.py"},
    "PySide6.QtWidgets": {"ui", "models_place.py", "app.py"},
    "PySide6.QtGui": {"ui", "models_place.py", "app.py"},
    "PySide6.QtSvg": {"ui"},
    "PySide6.QtNetwork": {"services"},
    "llama_cpp": {"engine"},
    "jinja2": {"engine"},
    "huggingface_hub": {"hub"},
    "httpx2": {"hub"},
    "psutil": {"system"},
    "pynvml": {"system"},
    "platformdirs": {"storage"},
    "sqlite3": {"storage"},
    "tomli_w": {"storage"},
    "rich": {"cli"},
}
PARTS = {
    "core": {"core"},
    "wire": {"core", "wire"},
    "storage": {"core", "storage"},
    "system": {"core", "system"},
    "engine": {"core", "engine", "storage", "system"},
    "hub": {"core", "hub", "storage", "system"},
    "services": {"core", "wire", "storage", "system", "services"},
    "workers": {"core", "wire", "storage", "system", "engine", "hub", "workers"},
    "ui": {"core", "ui"},
}
# What the domain takes from others: a parser of plain text.
CORE_LIBRARIES = {"desktop", "markdown_it"}


def _part(path: str) -> str:
    return path.split("/")[1]


def _is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("package", IMPORTERS)
def test_a_library_is_imported_only_where_it_belongs(
    package: str, imports: list[tuple[str, str]]
) -> None:
    strangers = [
        f"{path} imports {name}"
        for path, name in imports
        if _is_within(name, package) and _part(path) not in IMPORTERS[package]
    ]
    assert strangers == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_knows_only_the_parts_below_it(part: str, imports: list[tuple[str, str]]) -> None:
    strangers = [
        f"{path} imports {name}"
        for path, name in imports
        if _part(path) == part
        and name.startswith("desktop.")
        and name.split(".")[1] not in {*PARTS[part], "__version__"}
    ]
    assert strangers == []


def test_the_domain_needs_no_libraries(imports: list[tuple[str, str]]) -> None:
    known = CORE_LIBRARIES | sys.stdlib_module_names
    strangers = [
        f"{path} imports {name}"
        for path, name in imports
        if _part(path) == "core" and name.split(".")[0] not in known
    ]
    assert strangers == []
