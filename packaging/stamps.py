"""What the set-up did already, and for which inputs."""

import hashlib
import json
from pathlib import Path


class Stamps:
    """Remembers in a JSON file which step was done for which inputs, and what came out of it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._done: dict[str, list[str]] = {}
        if file.exists():
            # A half-written file means a lost memory, not a broken set-up.
            try:
                self._done = json.loads(file.read_text("utf-8"))
            except ValueError:
                self._done = {}

    def product(self, step: str, *inputs: str) -> str | None:
        """Return what the step made of these inputs; None if it has not been done for them."""
        inputs_hash, product = self._done.get(step, ["", ""])
        return product if inputs_hash == hash_of(*inputs) else None

    def remember(self, step: str, product: str, *inputs: str) -> None:
        """Note that the step was done for these inputs."""
        self._done[step] = [hash_of(*inputs), product]
        self._file.write_text(json.dumps(self._done, indent=1), "utf-8")


def hash_of(*parts: str) -> str:
    """Return 16 hexadecimal digits that change when any part does."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
