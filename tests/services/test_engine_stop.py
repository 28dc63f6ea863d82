"""Stopping an answer: at once, wherever it is, and without losing what was said."""

import json
import shlex
import sys

import psutil
import pytest
import scripted_worker
from PySide6.QtCore import QTimer

from desktop.core.generation import StopReason
from desktop.core.memory_fit import MemoryBreakdown
from desktop.core.telemetry import EngineFacts, EnginePhase
from desktop.wire.codec import encode
from desktop.wire.engine_messages import Loaded, TokenBatch

pytestmark = pytest.mark.slow


def test_a_stopped_answer_keeps_what_was_said(engine, heard, load, ask, wait_for, talker):
    load(talker)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    engine.stop_answer()
    assert engine.status.phase is EnginePhase.STOPPING
    wait_for(lambda: "answer_finished" in heard)
    result = heard.last("answer_finished")
    assert result.figures.stop_reason is StopReason.CANCELLED
    assert result.text.startswith(" la")
    assert result.text == "".join(heard.all("tokens_received"))
    assert engine.status.phase is EnginePhase.IDLE


def test_after_a_stop_the_next_answer_is_whole(engine, heard, load, ask, wait_for, talker):
    load(talker)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    engine.stop_answer()
    wait_for(lambda: "answer_finished" in heard)
    ask(max_tokens=6)
    wait_for(lambda: len(heard.all("answer_finished")) == 2)
    figures = heard.last("answer_finished").figures
    assert figures.stop_reason is StopReason.TOKEN_LIMIT
    assert figures.completion_tokens == 6


def test_a_stop_ends_the_reading_of_a_long_prompt(engine, heard, load, ask, wait_for, talker):
    load(talker)
    pid = engine.pid
    ask("hello and the other hello " * 2_000)
    wait_for(lambda: engine.status.prompt_done_tokens > 0)
    engine.stop_answer()
    wait_for(lambda: "answer_finished" in heard)
    result = heard.last("answer_finished")
    assert result.text == ""
    assert result.figures.stop_reason is StopReason.CANCELLED
    assert result.figures.time_to_first_token_s is None
    assert engine.status.prompt_done_tokens < engine.status.prompt_tokens
    assert engine.pid == pid


def test_a_stop_before_the_model_is_loaded_ends_the_wait(
    engine, heard, load, ask, wait_for, greeter
):
    engine.load(greeter)
    ask()
    engine.stop_answer()
    assert not engine.is_answering
    assert "before the answer began" in heard.last("answer_failed").title
    wait_for(lambda: "model_loaded" in heard)
    assert engine.status.phase is EnginePhase.IDLE


def test_a_stop_that_comes_too_late_does_not_hit_the_next_answer(
    engine, heard, load, ask, wait_for, greeter
):
    load(greeter)
    engine.stop_answer()
    ask()
    wait_for(lambda: "answer_finished" in heard)
    engine.stop_answer()
    ask()
    wait_for(lambda: len(heard.all("answer_finished")) == 2)
    reasons = [one.figures.stop_reason for one in heard.all("answer_finished")]
    assert reasons == [StopReason.END_OF_TURN] * 2


def test_a_stop_at_the_moment_of_asking_is_heard(engine, heard, load, ask, wait_for, talker):
    load(talker)
    ask()
    engine.stop_answer()
    wait_for(lambda: "answer_finished" in heard)
    assert heard.last("answer_finished").figures.stop_reason is StopReason.CANCELLED


@pytest.fixture
def deaf_engine(tmp_path, monkeypatch, engine):
    """Make the engine's program one that loads and answers, and takes no notice of a Cancel."""
    memory = MemoryBreakdown(1, 1, 1)
    facts = EngineFacts("deaf", 512, 512, memory, "CPU", 1, 0.1, has_chat_template=True)
    script = {
        "LoadModel": [["write", encode(Loaded(facts)).decode()]],
        "Generate": [["write", encode(TokenBatch("la", (1.0,), 5)).decode()]],
    }
    program = tmp_path / "deaf"
    command = shlex.join([sys.executable, scripted_worker.__file__, json.dumps(script)])
    program.write_text(f"#!/bin/sh\nexec {command}\n")
    program.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(program))


def test_an_engine_that_ignores_the_stop_is_replaced_however_often_it_is_asked(
    qtbot, deaf_engine, engine, heard, load, ask, wait_for, greeter
):
    engine._stop_timer.setInterval(500)
    load(greeter)
    ask()
    wait_for(lambda: "tokens_received" in heard)
    pid = engine.pid
    impatience = QTimer(engine, interval=100)
    impatience.timeout.connect(engine.stop_answer)
    impatience.start()
    qtbot.waitUntil(lambda: "answer_failed" in heard)
    impatience.stop()
    assert heard.last("answer_failed").title == "The engine stopped responding"
    assert heard.all("tokens_received") == ["la"]
    assert not psutil.pid_exists(pid)
    wait_for(lambda: len(heard.all("model_loaded")) == 2)
