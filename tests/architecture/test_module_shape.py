"""What every module of the project looks like."""

import ast
from pathlib import Path

MAXIMUM_LINES = 400
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
SINGLE_PURPOSE = "name it for the thing that it holds"


def test_no_module_is_longer_than_400_lines(root: Path, source: dict[str, ast.Module]) -> None:
    lengths = {path: len((root / path).read_text("utf-8").splitlines()) for path in source}
    assert {path: lines for path, lines in lengths.items() if lines > MAXIMUM_LINES} == {}


def test_no_module_or_folder_has_a_name_that_says_nothing(source: dict[str, ast.Module]) -> None:
    offenders = [path for path in source if set(Path(path).with_suffix("").parts) & BANNED_NAMES]
    assert offenders == [], SINGLE_PURPOSE


def test_every_module_of_the_app_says_what_lives_there(source: dict[str, ast.Module]) -> None:
    silent = [
        path
        for path, tree in source.items()
        if not path.startswith("tests/") and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_signals_are_connected_to_bound_methods_only(source: dict[str, ast.Module]) -> None:
    """A lambda runs in the sender's thread and keeps what it refers to alive."""
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in source.items()
        if path.startswith("desktop/")
        for node in ast.walk(tree)
        if _is_connect_call(node) and _passes_a_lambda(node)
    ]
    assert offenders == []


def test_packaging_and_tests_are_no_packages(source: dict[str, ast.Module]) -> None:
    """A package named packaging would hide the library of that name."""
    offenders = [
        path
        for path in source
        if path.startswith(("packaging/", "tests/")) and path.endswith("__init__.py")
    ]
    assert offenders == []


def _is_connect_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
    )


def _passes_a_lambda(call: ast.AST) -> bool:
    return any(isinstance(node, ast.Lambda) for node in ast.walk(call))
