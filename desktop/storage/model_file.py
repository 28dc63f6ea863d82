"""Model files: finding them, telling changed ones, and reading what they hold."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core.errors import Problem
from desktop.core.gguf_header import GgufError, GgufHeader, read_header
from desktop.core.local_model import ModelFacts
from desktop.core.model_facts import facts_from_header
from desktop.core.model_problem import (
    START_BYTES,
    directory_in_place_of_file,
    missing_file,
    missing_parts,
    not_the_first_part,
    problem_of_data,
    problem_of_error,
    problem_of_kind,
    problem_of_start,
    split_part,
    unreadable_file,
)
from desktop.storage.model_source import license_of


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells a changed file from an unchanged one; over all parts of a split model."""

    size_bytes: int
    modified_at_ns: int


def inspect_file(path: Path) -> tuple[ModelFacts | None, Problem | None]:
    """Read the header of a model file, and of its other parts; exactly one result is given."""
    try:
        return _inspect(path)
    except FileNotFoundError:
        return None, missing_file(path.name)
    except IsADirectoryError:
        return None, directory_in_place_of_file(path.name)
    except OSError as error:
        return None, unreadable_file(path.name, error.strerror or str(error))


def files_below(folder: Path) -> list[Path]:
    """Return the models of a folder; of a split one, the first part that is there.

    Hidden folders, such as the trash, are not looked into.
    """
    found: dict[tuple[Path, str], Path] = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(".gguf"):
                part = split_part(name)
                key = (Path(parent), part.stem if part else name)
                found.setdefault(key, Path(parent, name))
    return list(found.values())


def parts_of(path: Path) -> Iterator[Path]:
    """Name the files of a model, the first part first, whether they exist or not."""
    part = split_part(path.name)
    if part is None:
        yield path
        return
    for number in range(1, part.count + 1):
        yield path.with_name(part.name_of(number))


def stamp_of(path: Path) -> FileStamp | None:
    """Return the state of a model's files; None if there are none."""
    states = []
    for part in parts_of(path):
        try:
            states.append(part.stat())
        except OSError:
            continue
    if not states:
        return None
    return FileStamp(
        sum(state.st_size for state in states), max(state.st_mtime_ns for state in states)
    )


def _inspect(path: Path) -> tuple[ModelFacts | None, Problem | None]:
    if path.is_dir():
        raise IsADirectoryError(path)
    if path.exists() and not path.is_file():
        # Opening a pipe would wait for ever.
        return None, unreadable_file(path.name, "it is not an ordinary file")
    problem = _problem_of_parts(path)
    if problem is not None:
        return None, problem
    headers = []
    for part in parts_of(path):
        header, problem = _read(part)
        if header is None:
            return None, problem
        headers.append(header)
    tensors = tuple(tensor for header in headers for tensor in header.tensors)
    whole = replace(headers[0], tensors=tensors)
    problem = problem_of_kind(whole)
    if problem is not None:
        return None, problem
    facts = facts_from_header(whole, _total_bytes(path))
    if not facts.license:
        facts = replace(facts, license=license_of(path))
    return facts, None


def _read(path: Path) -> tuple[GgufHeader | None, Problem | None]:
    with path.open("rb") as stream:
        problem = problem_of_start(stream.read(START_BYTES), path.name)
        if problem is not None:
            return None, problem
        stream.seek(0)
        try:
            header = read_header(stream)
        except GgufError as error:
            return None, problem_of_error(error, path.name)
        problem = problem_of_data(header, os.fstat(stream.fileno()).st_size, path.name)
    return (header, None) if problem is None else (None, problem)


def _problem_of_parts(path: Path) -> Problem | None:
    part = split_part(path.name)
    if part is None or not path.exists():
        return None
    numbers = range(1, part.count + 1)
    missing = tuple(
        number for number in numbers if not path.with_name(part.name_of(number)).exists()
    )
    if missing:
        return missing_parts(part, missing)
    return not_the_first_part(part) if part.number > 1 else None


def _total_bytes(path: Path) -> int:
    return sum(part.stat().st_size for part in parts_of(path))
