"""The card of a model as it fills up, and what becomes of the process behind it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hub_server import Faults, HubServer, Refusal
from signal_journal import SignalJournal
from synthetic_model import Shape, write_synthetic_model, write_treacherous_model
from tiny_model import write_tiny_model

from desktop.core.figure import FigureKind
from desktop.core.hub_model import HubFault, HubFile, HubPart
from desktop.core.model_card import ModelCard
from desktop.core.model_entry import Surroundings
from desktop.core.weighing import KvType, ModelSource, drive_key
from desktop.services import model_weigher
from desktop.services.model_weigher import ModelWeigher
from desktop.storage.model_store import ModelStore

pytestmark = pytest.mark.slow

GB = 10**9
SURROUNDINGS = Surroundings(8 * GB, 16 * GB, 20e9, calibration=0.5, speed_error=0.25)
REPO, NAME = "o/Model-GGUF", "model.gguf"


@pytest.fixture
def store(data_dir: Path) -> Iterator[ModelStore]:
    data_dir.mkdir()
    store = ModelStore(data_dir / "library.db", data_dir / "models")
    yield store
    store.close()


@pytest.fixture
def server() -> Iterator[HubServer]:
    with HubServer() as server:
        yield server


@pytest.fixture
def weigher(qapp, store, server, tmp_path) -> Iterator[ModelWeigher]:
    weigher = ModelWeigher(store, lambda: SURROUNDINGS, lambda: server.variables(tmp_path / "hub"))
    yield weigher
    weigher.shut_down()


@pytest.fixture
def heard(weigher) -> SignalJournal:
    return SignalJournal(weigher, "card_changed", "refused", "failed")


@pytest.fixture
def card(heard) -> Callable[[], ModelCard]:
    """The newest card."""
    return lambda: heard.last("card_changed")


@pytest.fixture
def local(tmp_path) -> ModelSource:
    shape = Shape(layers=1, embedding=128, feed_forward=256, context_length=512)
    return ModelSource(path=str(write_synthetic_model(tmp_path / "local.gguf", shape)))


@pytest.fixture
def remote(server, tmp_path) -> ModelSource:
    path = write_tiny_model(tmp_path / NAME)
    repository = server.add_repository(REPO, {NAME: path.read_bytes()})
    part = HubPart(NAME, path.stat().st_size, repository.files[NAME].sha256)
    return ModelSource(file=HubFile(REPO, repository.commit, (part,)))


def is_weighed(card: ModelCard) -> bool:
    return card.weighing is not None and card.weighing.kind is FigureKind.WEIGHED


def pid_of(weigher: ModelWeigher) -> int:
    return weigher._process.pid if weigher._process is not None else 0


def test_a_card_is_there_at_once_and_fills_up(weigher, heard, card, local, wait_for):
    weigher.weigh(local)
    first = card()
    assert first.source == local
    assert first.weighing is None
    assert first.stage
    wait_for(lambda: is_weighed(card()))
    kinds = [one.weighing.kind for one in heard.all("card_changed") if one.weighing]
    assert kinds[0] is FigureKind.ESTIMATED
    assert card().stage == ""
    assert card().problem is None


def test_speed_is_estimated_with_its_error(weigher, card, local, wait_for):
    weigher.weigh(local)
    wait_for(lambda: is_weighed(card()))
    facts = card().weighing.facts
    assert card().tokens_per_s.kind is FigureKind.ESTIMATED
    assert card().tokens_per_s.value == pytest.approx(20e9 / facts.active_weights_bytes * 0.5)
    assert card().speed_error == 0.25


def test_another_packing_is_weighed_and_both_are_remembered(weigher, card, local, wait_for):
    weigher.weigh(local)
    wait_for(lambda: is_weighed(card()))
    pid = pid_of(weigher)
    weigher.choose_kv_type(KvType.Q8_0)
    wait_for(lambda: is_weighed(card()) and card().weighing.kv_type is KvType.Q8_0)
    assert pid_of(weigher) == pid
    weigher.choose_kv_type(KvType.F16)
    assert card().weighing.kv_type is KvType.F16
    assert is_weighed(card())
    assert card().stage == ""


def test_another_model_gets_another_process(weigher, card, local, remote, wait_for):
    weigher.weigh(local)
    wait_for(lambda: is_weighed(card()))
    pid = pid_of(weigher)
    weigher.weigh(remote)
    assert card().source == remote
    assert card().weighing is None
    wait_for(lambda: is_weighed(card()))
    assert card().weighing.header_bytes_fetched > 0
    assert pid_of(weigher) != pid
    wait_for(lambda: not psutil.pid_exists(pid))
    # Going back needs no process.
    weigher.weigh(local)
    assert is_weighed(card())
    assert pid_of(weigher) == 0


def test_a_test_drive_replaces_the_estimate_and_is_remembered(
    weigher, heard, card, store, remote, wait_for
):
    weigher.drive(remote)
    wait_for(lambda: card().test_drive is not None)
    drive = card().test_drive
    assert card().tokens_per_s.kind is FigureKind.TEST_DRIVEN
    assert card().tokens_per_s.value == drive.decode[0].tokens_per_s
    assert card().stage == ""
    assert store.test_drive(drive_key(remote)) == drive
    fractions = [one.fraction for one in heard.all("card_changed") if one.fraction is not None]
    assert fractions == sorted(fractions)
    weigher.weigh(ModelSource(path="/nowhere.gguf"))
    assert card().test_drive is None
    weigher.weigh(remote)
    assert card().test_drive == drive


def test_a_test_drive_can_be_given_up(weigher, card, local, wait_for):
    weigher.drive(local)
    wait_for(lambda: card().fraction is not None)
    weigher.cancel()
    assert card().stage == "Stopping"
    wait_for(lambda: card().stage == "")
    assert card().test_drive is None
    assert card().problem is None
    assert pid_of(weigher)


def test_a_drive_that_does_not_stop_is_ended(weigher, card, local, wait_for):
    weigher._cancel_timer.setInterval(1)
    weigher.drive(local)
    wait_for(lambda: card().fraction is not None)
    process = psutil.Process(pid_of(weigher))
    process.suspend()
    weigher.cancel()
    wait_for(lambda: card().stage == "")
    assert pid_of(weigher) == 0
    wait_for(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


def test_weighing_that_takes_too_long_can_be_given_up(weigher, server, card, remote, wait_for):
    server.faults = Faults(is_silent=True)
    weigher.weigh(remote)
    wait_for(lambda: len(server.requests) > 0)
    weigher.cancel()
    server.faults = Faults()
    assert card().stage == ""
    assert pid_of(weigher) == 0


def test_a_refusal_of_the_hub_is_on_the_card_and_told(
    weigher, server, heard, card, remote, wait_for
):
    server.faults = Faults(refusal=Refusal(403, "GatedRepo", times=100))
    weigher.weigh(remote)
    wait_for(lambda: "refused" in heard)
    assert heard.last("refused").fault is HubFault.GATED
    assert card().problem == heard.last("refused").problem
    assert card().stage == ""
    server.faults = Faults()
    weigher.weigh(remote)
    assert card().problem is None
    wait_for(lambda: is_weighed(card()))


def test_a_file_that_is_no_model_is_told_on_the_card(weigher, heard, card, tmp_path, wait_for):
    path = tmp_path / "page.gguf"
    path.write_text("<html>")
    weigher.weigh(ModelSource(path=str(path)))
    wait_for(lambda: card().problem is not None)
    assert "web page" in card().problem.title
    assert "refused" not in heard


@pytest.mark.skipif(sys.platform == "win32", reason="tells the end by a signal")
def test_a_crash_is_told_on_the_card_and_the_next_model_is_weighed(
    weigher, card, tmp_path, local, wait_for
):
    path = write_treacherous_model(tmp_path / "trap.gguf")
    weigher.weigh(ModelSource(path=str(path)))
    wait_for(lambda: card().problem is not None)
    assert card().problem.title == "trap.gguf could not be weighed"
    assert "llama.cpp gave up" in card().problem.detail
    assert card().stage == ""
    weigher.weigh(local)
    wait_for(lambda: is_weighed(card()))


def test_a_process_without_work_is_ended_after_a_while(weigher, card, local, wait_for):
    weigher._idle_timer.setInterval(1)
    weigher.weigh(local)
    wait_for(lambda: is_weighed(card()) and pid_of(weigher) == 0)
    assert model_weigher.IDLE_MS == 60_000


def test_figures_that_cannot_be_kept_are_told(weigher, heard, card, store, local, wait_for):
    weigher.weigh(local)
    wait_for(lambda: is_weighed(card()))
    store._database.write("PRAGMA query_only=ON")
    weigher.drive(local)
    wait_for(lambda: card().test_drive is not None)
    assert "failed" in heard
