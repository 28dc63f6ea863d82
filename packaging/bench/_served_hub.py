"""A Hub of the tests in a process of its own, so that it takes no time from what is measured."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from places import ROOT

FAKES = ROOT / "tests" / "fakes"
REPO, FILE = "bench/model", "model.gguf"


@contextmanager
def served(file: Path, home: Path, bytes_per_s: int = 0) -> Iterator[dict[str, str]]:
    """Serve a file; gives the address, its commit and SHA-256, and becomes this process's Hub.

    Args:
        file: What is served as FILE of REPO.
        home: Folder for the files of huggingface_hub.
        bytes_per_s: Speed of each connection; 0 for as fast as can be.
    """
    path = os.pathsep.join([str(FAKES), str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, __file__, str(file), str(home), str(bytes_per_s)]
    environment = os.environ | {"PYTHONPATH": path}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        facts = json.loads(process.stdout.readline())
        os.environ.update(facts.pop("variables"))
        try:
            yield facts
        finally:
            process.stdin.close()


def _serve(file: Path, home: Path, bytes_per_s: int) -> None:
    from hub_server import Faults, HubServer  # noqa: PLC0415 (its folder is known only here)

    with HubServer() as server:
        server.faults = Faults(bytes_per_s=bytes_per_s or None)
        repository = server.add_repository(REPO, {FILE: file})
        facts = {
            "url": f"{server.endpoint}/{REPO}/resolve/{repository.commit}/{FILE}",
            "commit": repository.commit,
            "sha256": repository.files[FILE].sha256,
            "variables": server.variables(home),
        }
        print(json.dumps(facts), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
