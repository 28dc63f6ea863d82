"""Fill in what the Hub knows of the catalogue's files: size, SHA-256, commit and licence.

    python packaging/refresh_catalogue.py [CATALOGUE]

Fails, and changes nothing, if a file that the catalogue names is missing on the Hub.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from places import ROOT

from desktop.core.errors import AppError
from desktop.core.hub_environment import hub_environment
from desktop.core.hub_model import HubFile, HubRepository

CATALOGUE = ROOT / "resources" / "catalogue.json"
UNTOLD_LICENSES = {"", "other"}
"""What the Hub says where a licence has no short name; the catalogue knows better."""

Entry = dict[str, Any]


def refresh(path: Path, open_repository: Callable[[str], HubRepository]) -> int:
    """Bring a catalogue up to date; returns the exit status."""
    catalogue = json.loads(path.read_text("utf-8"))
    missing = []
    for entry in catalogue["entries"]:
        if entry["repo"]:
            problem = _refresh_entry(entry, open_repository)
            print(f"{entry['id']}: {problem or 'fine'}", flush=True)
            missing += [f"{entry['repo']}/{entry['file']}: {problem}"] if problem else []
    if missing:
        print("\nMissing, so nothing was changed:\n" + "\n".join(missing), file=sys.stderr)
        return 1
    _write(path, catalogue)
    return 0


def _refresh_entry(entry: Entry, open_repository: Callable[[str], HubRepository]) -> str:
    """Fill in one entry; returns what is wrong, empty if nothing is."""
    try:
        repository = open_repository(entry["repo"])
    except AppError as error:
        return error.problem.sentence()
    file = next((one for one in repository.files if one.path == entry["file"]), None)
    if file is None:
        return "the repository has no such file"
    entry["revision"] = repository.revision
    entry["sha256"] = file.parts[0].sha256 if len(file.parts) == 1 else ""
    if repository.summary.license not in UNTOLD_LICENSES:
        entry["license"] = repository.summary.license
    _resize(entry, file)
    return ""


def _resize(entry: Entry, file: HubFile) -> None:
    entry["size_bytes"] = file.size_bytes
    entry["is_size_exact"] = True
    facts = entry["facts"]
    if facts is not None:
        # In the catalogue the size of the file stands for that of the weights.
        share = facts["active_weights_bytes"] / facts["weights_bytes"]
        facts["file_bytes"] = facts["weights_bytes"] = file.size_bytes
        facts["active_weights_bytes"] = round(file.size_bytes * share)
        facts["license"] = entry["license"]


def _write(path: Path, catalogue: dict[str, Any]) -> None:
    """Replace the file at once; the same catalogue always gives the same bytes."""
    unfinished = path.with_name(f".{path.name}.new")
    text = json.dumps(catalogue, indent=2, ensure_ascii=False) + "\n"
    unfinished.write_text(text, "utf-8", newline="\n")
    unfinished.replace(path)


def main() -> int:
    """Refresh the catalogue that is named, or the project's own."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CATALOGUE
    with tempfile.TemporaryDirectory(prefix="heft-catalogue-") as home:
        endpoint = os.environ.get("HF_ENDPOINT", "")
        os.environ.update(hub_environment(Path(home), endpoint, is_offline=False))
        # huggingface_hub reads these variables when it is imported.
        return refresh(path, import_module("desktop.hub.api").open_repository)


if __name__ == "__main__":
    sys.exit(main())
