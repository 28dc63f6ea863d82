"""The source as the architecture tests read it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("desktop", "tests", "packaging")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def source() -> dict[str, ast.Module]:
    """Every Python file of the project, parsed, by its path below the root."""
    files = [file for folder in SOURCE_FOLDERS for file in (ROOT / folder).rglob("*.py")]
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in sorted(files)
    }


@pytest.fixture(scope="session")
def imports(source: dict[str, ast.Module]) -> list[tuple[str, str]]:
    """Every import of the app as (importing file, imported name), deferred ones included."""
    return [
        (path, name)
        for path, tree in source.items()
        if path.startswith("desktop/")
        for node in ast.walk(tree)
        for name in _imported_names(node)
    ]


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
