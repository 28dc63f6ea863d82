"""A test drive of a file, or of the twin of its header, in this process; prints it as JSON."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from desktop.core.gguf_header import read_header
from desktop.core.local_model import ModelFacts
from desktop.core.weighing import TestDrive
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.test_drive import Route, drive
from desktop.engine.twin import TwinPart, weightless_twin
from desktop.storage.model_file import inspect_file


def main() -> None:
    """Drive the model, or its twin if a folder for it is given."""
    path = Path(sys.argv[1])
    facts, problem = inspect_file(path)
    if facts is None:
        sys.exit(problem.sentence() if problem else "no facts")
    if len(sys.argv) == 2:
        test_drive, header_bytes = _drive(Route(path), facts), 0
    else:
        with path.open("rb") as stream:
            header_bytes = read_header(stream).data_start_bytes
            stream.seek(0)
            part = TwinPart(stream.read(header_bytes), path.stat().st_size)
        with weightless_twin([part], Path(sys.argv[2])) as twin:
            test_drive = _drive(Route(twin.path, twin.disk_bytes), facts)
    print(json.dumps(asdict(test_drive) | {"header_bytes": header_bytes}))


def _drive(route: Route, facts: ModelFacts) -> TestDrive:
    return drive(route, facts, AbortFlag(), _ignore)


def _ignore(_fraction: float, _stage: str) -> None:
    """Nobody looks."""


if __name__ == "__main__":
    main()
