"""A model is found, weighed, test-driven, downloaded and talked to."""

import hashlib
import re
from pathlib import Path

import psutil
import pytest
from child_processes import workers
from hub_server import HubServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MIB = 1024**2
SERVED, NAME = "SmolLM2-135M-Instruct-GGUF", "SmolLM2 135M Instruct"
BYTES_PER_S, SOME_BYTES = 3_000_000, 4 * MIB
"""Each connection is slow enough that there is time to interrupt, after so much each time."""
VERDICT = re.compile(r"^(Fits easily|Tight|Needs swap: very slow|Does not fit) \(.+ GB\)$", re.M)
SPEED = re.compile(r"^[\d.,]+ tokens/s$", re.M)


@pytest.fixture
def twin(hub, starter_model) -> Path:
    """The starter model, in a repository on the Hub."""
    hub.add_repository(f"twin/{SERVED}", {starter_model.name: starter_model}, license="apache-2.0")
    return starter_model


def download_processes() -> list[psutil.Process]:
    return [one for one in workers() if "download" in one.cmdline()]


def sha256_of_models(folder: Path) -> list[str]:
    """Hash all models in a folder, and all parts of models."""
    paths = [path for path in folder.rglob("*.gguf*") if not path.name.endswith(".json")]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def find_twin(user, wait_for) -> None:
    user.find("twin instruct")
    wait_for(lambda: SERVED in user.offers())
    user.choose_offer(SERVED)
    wait_for(lambda: "weighed by llama.cpp" in user.page())


def test_a_model_is_weighed_and_test_driven_before_it_is_downloaded(go_to_models, wait_for, twin):
    user = go_to_models("Find")
    user.find("twin instruct")
    wait_for(lambda: SERVED in user.offers())
    user.choose_offer(SERVED)
    wait_for(lambda: "estimated by a formula" in user.page())
    assert "Small language model" in user.page()
    assert VERDICT.search(user.page())
    wait_for(lambda: "weighed by llama.cpp" in user.page())
    assert VERDICT.search(user.page())
    assert "estimated from the memory's bandwidth" in user.page()
    assert "Largest context that fits" in user.page()

    user.click("Test-drive")
    wait_for(lambda: "reading a prompt" in user.page())
    assert "test-driven on this machine" in user.page()
    assert SPEED.search(user.page())
    assert "What a test drive cannot know:" in user.page()
    assert "Download 98 MB" in user.buttons()


def test_a_download_goes_on_after_a_pause_a_kill_and_a_restart(
    go_to_models, close, wait_for, hub, twin, paths
):
    user = go_to_models("Find")
    find_twin(user, wait_for)
    hub.faults.bytes_per_s = BYTES_PER_S
    before_bytes = hub.bytes_sent

    def wait_for_more() -> None:
        enough_bytes = hub.bytes_sent + SOME_BYTES
        wait_for(lambda: hub.bytes_sent > enough_bytes)

    user.click("Download 98 MB")
    wait_for_more()
    user.click("Pause the download")
    wait_for(lambda: "Resume" in user.buttons() and not download_processes())
    assert "Paused" in user.page()
    user.click("Resume")
    wait_for_more()
    [process] = download_processes()
    process.kill()
    wait_for_more()
    close(user)
    again = go_to_models("Downloads")
    wait_for_more()
    hub.faults.bytes_per_s = None
    wait_for(lambda: f"{NAME} is here and checked." in again.page())
    assert hub.bytes_sent - before_bytes < twin.stat().st_size + 3 * MIB
    assert sha256_of_models(paths.models) == [hashlib.sha256(twin.read_bytes()).hexdigest()]

    again.click(f"Open in Chat: {NAME}")
    wait_for(lambda: again.phase() == "idle" and NAME in again.model())
    assert [model.name for model in again.listed_models()] == [NAME]
    again.say("Name a colour.")
    wait_for(lambda: again.phase() == "idle" and again.answers() and again.answers()[0].words)


def test_without_a_network_there_is_the_built_in_list_and_words_about_it(
    go_to_models, wait_for, hub, twin
):
    user = go_to_models("Find")
    port_number = int(hub.endpoint.rpartition(":")[2])
    hub.close()
    assert "SmolLM2 135M" in user.offers()
    user.find("smollm2")
    wait_for(lambda: "Try again" in user.buttons())
    assert "network" in user.page()
    assert "Only what Heft knows" in user.page()
    assert "SmolLM2 135M" in user.offers()
    with HubServer(port_number=port_number) as back:
        back.add_repository(f"twin/{SERVED}", {twin.name: twin})
        user.click("Try again")
        wait_for(lambda: SERVED in user.offers())


def test_nothing_is_asked_of_the_hub_when_the_user_wants_none(go_to_models, wait_for, hub, twin):
    user = go_to_models("Installed")
    user.click("Network")
    user.click("Nothing goes over the network")
    user.open_tab("Find")
    assert "SmolLM2 135M" in user.offers()
    user.find("smollm2 instruct")
    wait_for(lambda: "Try again" in user.buttons())
    assert hub.requests == []
    user.open_tab("Installed")
    user.click("Nothing goes over the network")
    user.open_tab("Find")
    user.click("Try again")
    wait_for(lambda: SERVED in user.offers())
