"""Conversations of an app that is killed: what was said before is there at the next start."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import chat_app
import pytest

import desktop
from desktop.core.conversation import Conversation, MessageState, Role
from desktop.storage.chat_store import APP_CLOSED, ChatStore

pytestmark = pytest.mark.slow


@pytest.fixture
def start_app(tmp_path, one_core):
    def start_app(*models: Path) -> subprocess.Popen:
        environment = os.environ | {"PYTHONPATH": str(Path(desktop.__file__).parents[1])}
        command = [sys.executable, chat_app.__file__, str(tmp_path), *map(str, models)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)

    return start_app


def only_conversation(folder: Path) -> Conversation:
    store = ChatStore(folder / "chats.db")
    [summary] = store.summaries()
    conversation = store.conversation(summary.id)
    store.close()
    return conversation


def test_the_message_is_on_disk_before_the_engine_hears_of_it(start_app, tmp_path):
    with start_app() as app:
        assert app.wait() < 0
    question, answer = only_conversation(tmp_path).messages
    assert (question.role, question.text) == (Role.USER, "Will this be kept?")
    assert question.state is MessageState.COMPLETE
    assert (answer.text, answer.state) == ("", MessageState.INTERRUPTED)


def test_of_an_answer_at_most_a_second_is_lost(start_app, tmp_path, talker):
    heard = []
    with start_app(talker.path) as app:
        while not heard or heard[-1][0] - heard[0][0] < 2.5:
            heard.append(json.loads(app.stdout.readline()))
        killed_s = time.monotonic()
        app.kill()
        app.wait()
        heard += map(json.loads, app.stdout.read().splitlines())
    answer = only_conversation(tmp_path).messages[1]
    everything = "".join(text for _stamp_s, text in heard)
    settled = "".join(text for stamp_s, text in heard if stamp_s < killed_s - 1.5)
    assert settled
    assert everything.startswith(answer.text)
    assert answer.text.startswith(settled)
    assert (answer.state, answer.problem) == (MessageState.INTERRUPTED, APP_CLOSED)
