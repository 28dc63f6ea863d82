import pytest
from hub_offers import DRIVE, hub_file, model_card

from desktop.core.figure import Figure, FigureKind
from desktop.core.weighing import ModelSource
from desktop.ui.discover.speed_section import SpeedSection

SOURCE = ModelSource(file=hub_file("Q4_K_M", 808))


@pytest.fixture
def section(qtbot) -> SpeedSection:
    section = SpeedSection()
    qtbot.addWidget(section)
    section.show()
    return section


def test_an_estimate_is_marked_and_tells_its_error(section: SpeedSection):
    section.show_card(model_card(SOURCE), is_driving=False)
    assert section.words() == (
        "≈ 24 tokens/s",
        "± 12 %",
        "estimated from the memory's bandwidth",
    )


def test_an_estimate_without_a_known_error_says_so(section: SpeedSection):
    section.show_card(model_card(SOURCE, speed_error=None), is_driving=False)
    assert section.words()[1] == "no model was measured here yet to tell the error"


@pytest.mark.parametrize("kind", [FigureKind.TEST_DRIVEN, FigureKind.MEASURED])
def test_other_kinds_are_named_and_bear_no_mark(section: SpeedSection, kind: FigureKind):
    card = model_card(SOURCE, tokens_per_s=Figure(3.2, kind))
    section.show_card(card, is_driving=False)
    speed, error, words = section.words()
    assert speed == "3.2 tokens/s"
    assert error == "slower than people read"
    assert words.startswith(kind.value)


def test_a_test_drive_shows_its_progress_and_can_be_cancelled(section: SpeedSection, qtbot):
    card = model_card(SOURCE, stage="reading a prompt", fraction=0.4)
    section.show_card(card, is_driving=True)
    assert not section.drive_button().isVisible()
    assert section._bar.value() == 400
    assert section._stage.text() == "Test drive: reading a prompt"
    with qtbot.waitSignal(section.drive_cancelled):
        section.cancel_button().click()


def test_its_results_are_told_with_what_it_cannot_know(section: SpeedSection):
    section.show_card(model_card(SOURCE, test_drive=DRIVE), is_driving=False)
    assert section._results.value_of("reading a prompt") == "312 tokens/s"
    assert section._results.value_of("answering, 1,024 tokens in") == "22 tokens/s"
    assert section._results.value_of("memory, context 4,096") == "1.31 GB"
    assert section._results.value_of("ran on") == "CPU, 1 thread"
    assert section._unknowns.text() == "What a test drive cannot know:\nThe quality of its answers."
    assert section.drive_button().text() == "Test-drive again"


def test_without_a_card_no_speed_is_claimed(section: SpeedSection):
    section.show_card(None, is_driving=False)
    assert section.words() == ("\N{EN DASH}", "Not known before the model is weighed", "")
