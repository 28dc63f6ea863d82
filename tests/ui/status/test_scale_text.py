from dataclasses import replace

import pytest
from scale_samples import ANSWERING, GB, MB, SNAPSHOT

from desktop.core.telemetry import (
    DeviceUse,
    EnginePhase,
    EngineStatus,
    ProcessMemory,
)
from desktop.ui.status import scale_text
from desktop.ui.status.scale_text import NOTHING


def values(facts) -> dict[str, str]:
    return {fact.name: fact.value for fact in facts}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (EngineStatus(), "no model"),
        (EngineStatus(EnginePhase.LOADING, progress=0.45), "loading 45 %"),
        (EngineStatus(EnginePhase.READING), "reading the prompt"),
        (
            EngineStatus(EnginePhase.READING, prompt_tokens=1480, prompt_done_tokens=512),
            "reading the prompt 512 of 1,480",
        ),
        (ANSWERING, "answering"),
    ],
)
def test_the_phase_is_told_with_how_far_it_is(status: EngineStatus, words: str):
    assert scale_text.phase_text(status) == words


def test_the_speed_is_live_while_answering():
    assert scale_text.speed_figure(ANSWERING) == ("134", True)


def test_the_average_of_the_last_answer_stays_afterwards():
    idle = replace(ANSWERING, phase=EnginePhase.IDLE)
    assert scale_text.speed_figure(idle) == ("131", False)


def test_before_the_first_answer_there_is_no_speed():
    assert scale_text.speed_figure(EngineStatus(EnginePhase.IDLE)) == (NOTHING, False)
    assert set(values(scale_text.speed_facts(EngineStatus())).values()) == {NOTHING}


def test_the_figures_of_the_answer():
    assert values(scale_text.speed_facts(ANSWERING)) == {
        "average": "131 tokens/s",
        "first token": "0.05 s",
        "prompt": "283 tokens/s",
        "cached": "37 of 320",
    }


def test_memory_is_told_by_its_parts():
    assert values(scale_text.memory_facts(ANSWERING, SNAPSHOT)) == {
        "weights": "92 MB",
        "context 4,096": "90 MB",
        "compute": "18 MB",
        "engine itself": "62 MB",
    }
    parts = scale_text.memory_segments(ANSWERING, SNAPSHOT)
    assert [part.role for part in parts] == ["weights", "context", "compute", "other"]
    assert sum(part.value for part in parts) == 262 * MB


def test_weights_that_are_not_in_memory_leave_the_rest_unknown():
    small = replace(SNAPSHOT, engine=ProcessMemory(100 * MB, None, None))
    assert values(scale_text.memory_facts(ANSWERING, small))["engine itself"] == "not available"
    assert scale_text.memory_segments(ANSWERING, small)[-1].value == 0


def test_an_engine_without_a_model_is_one_part():
    parts = scale_text.memory_segments(EngineStatus(EnginePhase.LOADING), SNAPSHOT)
    assert [(part.value, part.role) for part in parts] == [(262 * MB, "other")]
    nothing = replace(SNAPSHOT, engine=None)
    assert scale_text.memory_segments(EngineStatus(), nothing) == ()


def test_the_rows_of_memory_are_the_same_number_without_a_model():
    without = scale_text.memory_facts(EngineStatus(), SNAPSHOT)
    assert len(without) == len(scale_text.memory_facts(ANSWERING, SNAPSHOT))


def test_what_is_left_of_the_machine():
    assert values(scale_text.room_facts(SNAPSHOT)) == {
        "available": "21.8 of 24.0 GB",
        "this window": "96 MB",
    }


def test_swap_is_told_only_when_there_is_some():
    swapped = replace(SNAPSHOT, engine=ProcessMemory(262 * MB, None, 120 * MB))
    assert values(scale_text.room_facts(swapped))["swapped out"] == "120 MB"
    assert "swapped out" not in values(scale_text.room_facts(SNAPSHOT))


def test_each_graphics_device_has_a_row():
    one = replace(SNAPSHOT, devices=(DeviceUse("RTX 4090", 14_200 * MB, 24 * GB),))
    assert values(scale_text.room_facts(one))["VRAM"] == "14.2 of 24.0 GB"
    two = replace(one, devices=(*one.devices, DeviceUse("Radeon", None, None)))
    rows = values(scale_text.room_facts(two))
    assert (rows["VRAM 1"], rows["VRAM 2"]) == ("14.2 of 24.0 GB", "not available")


def test_the_share_of_the_machine_is_never_told_as_nothing():
    assert scale_text.share_text(SNAPSHOT) == "1 % of this machine"
    tiny = replace(SNAPSHOT, engine=ProcessMemory(60 * MB, None, None))
    assert scale_text.share_text(tiny) == "under 1 % of this machine"
    assert not scale_text.share_text(replace(SNAPSHOT, engine=None))


def test_the_two_kinds_of_memory_are_explained():
    hint = scale_text.resident_hint(SNAPSHOT)
    assert "RSS" in hint
    assert "(PSS): 0.25 GB." in hint
    assert "(PSS): not available." in scale_text.resident_hint(replace(SNAPSHOT, engine=None))


def test_context_used_of_total():
    (fact,) = scale_text.context_facts(ANSWERING)
    assert (fact.name, fact.value) == ("used", "412 of 4,096")
    assert "8,192" in fact.hint
    (fact,) = scale_text.context_facts(EngineStatus())
    assert fact.value == NOTHING


def test_a_context_that_is_nearly_full_says_so():
    (fact,) = scale_text.context_facts(replace(ANSWERING, context_used_tokens=3900))
    assert fact.name == "nearly full"


def test_the_machine():
    assert values(scale_text.machine_facts(ANSWERING, SNAPSHOT)) == {
        "device": "CPU",
        "threads": "2",
        "processor use": "96 %",
        "energy": "not available",
    }
    with_sensor = replace(SNAPSHOT, power_watts=41.26)
    assert values(scale_text.machine_facts(ANSWERING, with_sensor))["energy"] == "41.3 W"
    assert values(scale_text.machine_facts(EngineStatus(), None))["device"] == NOTHING


def test_the_line_tells_the_same():
    assert scale_text.line_parts(ANSWERING, SNAPSHOT) == (
        "answering",
        "134 tokens/s",
        "0.26 GB of memory",
        "21.8 GB available",
        "context 412 of 4,096",
        "CPU, 2 threads",
    )
    assert scale_text.line_parts(EngineStatus(), None) == ("no model",)
