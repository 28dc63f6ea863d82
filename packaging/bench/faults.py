"""A campaign of faults against downloads: nothing wrong is published, and little comes twice.

Every case has a seed, and ends with a server that works again: then the right file must be there.
A client that believes everything goes through some of the cases as well, to show that the checks
can fail.
"""

import collections
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import httpx2
from paired_runs import verdict
from places import ROOT

sys.path.append(str(ROOT / "tests" / "fakes"))
from _fault_case import Case, Finding
from _fault_kinds import HOSTILE_NAMES, KINDS
from hub_server import Faults, HubServer

from desktop.core.hub_model import HubPart
from desktop.hub.api import locate
from desktop.hub.fault import HubError
from desktop.hub.http import open_client

SEEDS_PER_KIND = 30
NAMES = 24
KILLED = 30
FULL_DISKS = 20
TARGET_CASES = 500
MEBIBYTE = 1024**2
SIZES = (300_000, 3_000_000)
KILLED_SIZE_BYTES = 9_000_000
KILLED_WITHIN_BYTES = 4_000_000


class Campaign:
    """Runs cases and counts what they show."""

    def __init__(self, server: HubServer, folder: Path) -> None:
        self.cases = 0
        self.totals = collections.Counter[str]()
        self.worst = (0.0, "nothing")
        self._server = server
        self._folder = folder

    def run_kind(self, name: str, seed: int) -> None:
        """Let one kind of fault happen to a download."""
        kind, dice = KINDS[name], Random(f"{name} {seed}")  # noqa: S311 (a seed is wanted)
        case = self.new_case(dice)
        faults = kind.make(dice, case.size_bytes)
        before = (faults.drop_times, faults.stall_times)
        self._server.faults = faults
        case.attempt()
        fired = sum(before) - faults.drop_times - faults.stall_times
        answers = sum(seen.sent_bytes > 0 for seen in self._server.requests)
        case.finding.interruptions = answers if kind.spoils_answers else fired
        self._count(name, case.finish(), starts_over=kind.starts_over)
        case.close()

    def run_name(self, seed: int) -> None:
        """Offer a file under a hostile name."""
        case = self.new_case(Random(f"name {seed}"))  # noqa: S311 (a seed is wanted)
        self._server.faults = Faults()
        name = HOSTILE_NAMES[seed % len(HOSTILE_NAMES)]
        known = case.file.parts[0]
        hostile = HubPart(name, known.size_bytes, known.sha256)
        if case.attempt(replace(case.file, parts=(hostile,))):
            case.finding.is_wrong = True
        self._count("hostile name", case.finish())
        case.close()

    def run_kill(self, seed: int) -> None:
        """Kill the worker process once or several times."""
        dice = Random(f"kill {seed}")  # noqa: S311 (a seed is wanted)
        case = self.new_case(dice, KILLED_SIZE_BYTES)
        kills = dice.randint(1, 3)
        for sent_bytes in sorted(dice.randrange(KILLED_WITHIN_BYTES) for _ in range(kills)):
            case.kill_at(sent_bytes)
        self._count("kill -9", case.finish())
        case.close()

    def run_full_disk(self, seed: int) -> bool:
        """Let the disk be too small; False where no small disk can be made."""
        dice = Random(f"disk {seed}")  # noqa: S311 (a seed is wanted)
        case = self.new_case(dice, dice.randint(1_000_000, SIZES[1]))
        room_bytes = dice.randrange(case.size_bytes // 10, case.size_bytes)
        with _small_disk(case.models, room_bytes) as is_there:
            if is_there:
                case.finding.is_wrong |= case.attempt()
                case.finding.interruptions = 1
                _resize(case.models, 4 * SIZES[1])
                self._count("full disk", case.finish())
        case.close()
        return is_there

    def new_case(self, dice: Random, size_bytes: int = 0) -> Case:
        """Make the next case."""
        self.cases += 1
        size_bytes = size_bytes or dice.randint(*SIZES)
        place = self._folder / str(self.cases)
        return Case(self._server, place, size_bytes, self.cases)

    def _count(self, name: str, finding: Finding, *, starts_over: bool = False) -> None:
        self.totals["wrong files published"] += finding.is_wrong
        self.totals["downloads that touched anything outside"] += finding.is_outside
        self.totals["downloads that did not end well after all"] += not finding.is_finished
        self.totals["refused in words first"] += finding.was_refused
        self.totals["interruptions"] += finding.interruptions
        refetch = finding.refetched_bytes / max(1, finding.interruptions) / MEBIBYTE
        if not starts_over and refetch > self.worst[0]:
            self.worst = (refetch, name)
        if finding.is_wrong or finding.is_outside or not finding.is_finished:
            print(f"case {self.cases} ({name}): {finding}", flush=True)


def _credulous(case: Case) -> None:
    """Fetch as many programs do: go on after the last byte, and believe the rest."""
    target = case.models / "m.gguf"
    with suppress(HubError, httpx2.HTTPError), open_client() as client:
        location = locate(case.file.repo, "m.gguf", case.file.revision)
        for _ in range(20):
            have_bytes = target.stat().st_size if target.exists() else 0
            if have_bytes >= case.size_bytes:
                break
            headers = {"Range": f"bytes={have_bytes}-"} if have_bytes else {}
            with (
                suppress(httpx2.HTTPError),
                client.stream("GET", location.url, headers=headers, timeout=0.3) as response,
                target.open("ab") as stream,
            ):
                for piece in response.iter_bytes():
                    stream.write(piece)
    case.look()


def _control(server: HubServer, folder: Path) -> bool:
    """Show that each check can fail."""
    campaign = Campaign(server, folder)
    wrong = outside = 0
    for name in ("corrupt", "ignored Range", "shifted Range", "drop"):
        for seed in range(5):
            dice = Random(f"{name} {seed}")  # noqa: S311 (a seed is wanted)
            case = campaign.new_case(dice)
            server.faults = KINDS[name].make(dice, case.size_bytes)
            _credulous(case)
            wrong += case.finding.is_wrong
            (case.models / "../../evil.gguf").write_bytes(b"")
            case.look()
            outside += case.finding.is_outside
            case.close()
    case = campaign.new_case(Random(0), SIZES[1])  # noqa: S311 (a seed is wanted)
    server.faults = Faults(drop_after_bytes=2 * MEBIBYTE, drop_times=1)
    for _ in range(2):
        (case.models / "m.gguf").unlink(missing_ok=True)
        _credulous(case)
    again = (server.bytes_sent - case.size_bytes) / MEBIBYTE
    case.close()
    is_met = verdict("control: wrong files of a credulous client", wrong, 1, at_most=False)
    is_met &= verdict("control: files outside that are seen", outside, 20, at_most=False)
    return is_met & verdict("control: MiB fetched again after a restart", again, 1, at_most=False)


@contextmanager
def _small_disk(folder: Path, size_bytes: int) -> Iterator[bool]:
    """Put a disk of some size in the place of a folder, where the system lets us."""
    options = f"size={size_bytes}"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        is_there = not subprocess.run(command, capture_output=True, check=False).returncode
    except OSError:
        is_there = False
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["umount", str(folder)], check=True)


def _resize(folder: Path, size_bytes: int) -> None:
    options = f"remount,size={size_bytes}"
    subprocess.run(["mount", "-o", options, str(folder)], check=True)


def _run_all(campaign: Campaign) -> None:
    for name in KINDS:
        started_s = time.monotonic()
        for seed in range(SEEDS_PER_KIND):
            campaign.run_kind(name, seed)
        print(f"{SEEDS_PER_KIND} x {name}: {time.monotonic() - started_s:.1f} s", flush=True)
    for seed in range(NAMES):
        campaign.run_name(seed)
    print(f"{NAMES} x hostile name", flush=True)
    full_disks = sum(campaign.run_full_disk(seed) for seed in range(FULL_DISKS))
    print(f"{full_disks} x full disk" + ("" if full_disks else " (needs root)"), flush=True)
    for seed in range(KILLED):
        campaign.run_kill(seed)
    print(f"{KILLED} x kill -9", flush=True)


def main() -> int:
    """Run the campaign; returns the exit status."""
    with tempfile.TemporaryDirectory() as place, HubServer() as server:
        os.environ.update(server.variables(Path(place) / "hub"))
        is_met = _control(server, Path(place) / "control")
        campaign = Campaign(server, Path(place) / "campaign")
        _run_all(campaign)
    totals = campaign.totals
    print(
        f"{campaign.cases} cases with {totals['interruptions']} interruptions; "
        f"{totals['refused in words first']} were refused in words first."
    )
    is_met &= verdict("cases", campaign.cases, TARGET_CASES, at_most=False)
    for name in (
        "wrong files published",
        "downloads that touched anything outside",
        "downloads that did not end well after all",
    ):
        is_met &= verdict(name, totals[name], 0, at_most=True)
    worst_mebibytes, kind = campaign.worst
    name = f"MiB fetched again per interruption, at worst (by {kind})"
    is_met &= verdict(name, worst_mebibytes, 1, at_most=True)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
