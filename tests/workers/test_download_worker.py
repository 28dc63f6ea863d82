"""The process that fetches one model."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hub_server import Faults, HubServer
from served_model import hub_file, model_bytes

from desktop.core.download import DownloadState
from desktop.core.hub_model import HubFault, HubPart
from desktop.wire.download_messages import Downloaded, DownloadProgress, StartDownload
from desktop.wire.hub_messages import HubRefused
from desktop.wire.inspect_messages import InspectFile
from desktop.wire.message import Cancel, Failed

BODY = model_bytes(2_000_000)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with HubServer() as server:
        for name, value in server.variables(tmp_path / "hub").items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def request_(server: HubServer, tmp_path: Path) -> StartDownload:
    file = hub_file(server.add_repository("o/r", {"m.gguf": BODY}))
    return StartDownload(file, str(tmp_path / "models"))


@pytest.fixture
def worker(start_worker, server):
    return start_worker("download")


def test_it_tells_how_far_it_is_and_where_the_model_is(worker, request_, tmp_path):
    worker.say(request_)
    heard = [worker.answer()]
    while not isinstance(heard[-1], Downloaded):
        heard.append(worker.answer())
    assert heard[0] == DownloadProgress(DownloadState.CONNECTING, 0)
    assert all(isinstance(event, DownloadProgress) for event in heard[:-1])
    assert heard[-1] == Downloaded(str(tmp_path / "models" / "o--r" / "m.gguf"))
    assert Path(heard[-1].path).read_bytes() == BODY
    assert worker.close_stdin() == 0


@pytest.mark.slow
def test_a_cancel_ends_it_within_a_second_and_keeps_what_came(
    worker, start_worker, server, request_
):
    server.faults = Faults(bytes_per_s=500_000)
    worker.say(request_)
    while server.bytes_sent < 300_000:
        worker.hear()
    told_s = time.monotonic()
    worker.say(Cancel())
    event = worker.hear_until(DownloadProgress)
    while event.state is not DownloadState.PAUSED:
        event = worker.hear_until(DownloadProgress)
    assert time.monotonic() - told_s < 1
    assert worker.close_stdin() == 0
    sent_bytes = server.bytes_sent
    server.faults = Faults()
    again = start_worker("download")
    again.say(request_)
    again.hear_until(Downloaded)
    assert server.bytes_sent - sent_bytes < len(BODY) - 200_000


@pytest.mark.slow
def test_a_download_goes_on_after_a_kill(start_worker, server, request_):
    """Bytes that were sent and not yet read are not counted: the server paces what it sends."""
    kills = 4
    for number in range(kills):
        server.faults = Faults(bytes_per_s=500_000)
        worker = start_worker("download")
        worker.say(request_)
        while server.bytes_sent < (number + 1) * 300_000:
            worker.hear()
        worker.end()
    server.faults = Faults()
    worker = start_worker("download")
    worker.say(request_)
    assert Path(worker.hear_until(Downloaded).path).read_bytes() == BODY
    assert server.bytes_sent - len(BODY) < kills * 1024**2
    assert server.bytes_sent < 2 * len(BODY)


def test_a_refusal_of_the_hub_is_told_with_its_kind(worker, server, request_):
    server.add_repository("o/r", {"m.gguf": BODY}, gated=True)
    worker.say(request_)
    refusal = worker.hear_until(HubRefused).refusal
    assert refusal.fault is HubFault.GATED
    assert "licence" in refusal.problem.title


def test_a_file_that_must_not_be_is_refused_in_words(worker, request_):
    evil = HubPart("../../evil.gguf", 5, "a" * 64)
    worker.say(StartDownload(replace(request_.file, parts=(evil,)), request_.folder))
    assert "not downloaded" in worker.hear_until(Failed).problem.title


def test_a_request_for_another_worker_is_refused(worker):
    worker.say(InspectFile("x"))
    assert isinstance(worker.answer(), Failed)
