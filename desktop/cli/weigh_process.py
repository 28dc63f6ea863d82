"""The process that weighs and drives, as a command talks to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import click

from desktop.cli.hub_settings import apply_hub_environment
from desktop.core.errors import AppError
from desktop.core.hub_address import parse_hub_address
from desktop.core.hub_model import HubFile, HubPart
from desktop.core.model_problem import split_part
from desktop.core.weighing import ModelSource
from desktop.core.worker_exit import WorkerExit, describe_exit
from desktop.storage.paths import DATA_DIR_VARIABLE, Paths
from desktop.wire.codec import decode_event, encode
from desktop.wire.hub_messages import HubRefused
from desktop.wire.message import Failed
from desktop.wire.messages import Event, Request

NEWEST = "main"


def source_of(text: str, paths: Paths) -> ModelSource:
    """Find out what is meant: a file of this machine, or one of the Hub.

    Raises:
        click.UsageError: It is neither.
    """
    path = Path(text).expanduser()
    if path.exists():
        return ModelSource(path=str(path.absolute()))
    address = parse_hub_address(text)
    if address is None or not address.path:
        raise click.UsageError(f"“{text}” is neither a file nor OWNER/NAME/FILE on the Hub.")
    apply_hub_environment(paths)
    # Sizes and checksums are asked for by whoever reads the header, in the same request.
    parts = tuple(HubPart(part, size_bytes=0, sha256="") for part in _parts(address.path))
    return ModelSource(file=HubFile(address.repo, address.revision or NEWEST, parts))


def ask(request: Request, paths: Paths) -> Iterator[Event]:
    """Start the process, send it a request, and return what it answers, for as long as one reads.

    Raises:
        AppError: The request failed, or the process came to an end over it.
    """
    with TemporaryFile() as words, _worker(paths, words) as process:
        for event in _events(process, request):
            match event:
                case Failed(problem=problem):
                    raise AppError.from_problem(problem)
                case HubRefused(refusal=refusal):
                    raise AppError.from_problem(refusal.problem)
                case _:
                    yield event
        code = process.wait()
        words.seek(0)
        last_words = words.read().decode(errors="replace").strip()
    problem = describe_exit(WorkerExit(abs(code), crashed=code != 0, last_words=last_words))
    raise AppError(
        "The model could not be tried out",
        f"The process that did it came to an end. {problem.detail}",
        "Choose another file: this one may be damaged.",
        problem.log,
    )


@contextmanager
def _worker(paths: Paths, words: BinaryIO) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "desktop", "--worker", "weigh"]
    # The process looks for its folders itself, and cannot know of the option that moves them.
    is_moved = paths.cache.parent == paths.data
    variables = {DATA_DIR_VARIABLE: str(paths.data)} if is_moved else {}
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=words,
        env=os.environ | variables,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _events(process: "subprocess.Popen[bytes]", request: Request) -> Iterator[Event]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process has no pipes")
    process.stdin.write(encode(request))
    process.stdin.flush()
    for line in process.stdout:
        yield decode_event(line)


def _parts(path: str) -> list[str]:
    folder, separator, name = path.rpartition("/")
    part = split_part(name)
    if part is None:
        return [path]
    return [f"{folder}{separator}{part.name_of(number)}" for number in range(1, part.count + 1)]
