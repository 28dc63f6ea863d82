"""Nothing leaves the machine: no network is needed, and none is used."""

import shutil
import subprocess

import psutil
import pytest
from child_processes import engine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NO_NETWORK = ("unshare", "--map-root-user", "--net")


def has_namespaces() -> bool:
    """Whether this user may start a program that sees no network."""
    if shutil.which(NO_NETWORK[0]) is None:
        return False
    return subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_namespaces(), reason="this system lends no network namespaces")
def test_the_first_message_is_answered_where_there_is_no_network(run_app, add_starter):
    add_starter()
    app = run_app(prefix=NO_NETWORK)
    app.see(lambda sight: sight.phase == "idle")
    app.tell("say", "Hi, who are you?")
    sight = app.see(lambda sight: sight.phase == "idle" and sight.answers)
    assert sight.memory_gb > 0
    assert len(sight.answers[0].words.split()) > 2
    assert app.close() == 0


def test_neither_the_window_nor_the_engine_has_a_connection(run_app, talker):
    app = run_app()
    app.see(lambda sight: sight.phase == "idle")
    app.tell("say", "Sing")
    app.see(lambda sight: sight.phase == "answering")
    processes = [psutil.Process(app.process.pid), engine(app.process.pid)]
    assert [one.net_connections("inet") for one in processes] == [[], []]
    assert app.close() == 0
