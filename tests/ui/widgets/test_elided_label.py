from desktop.ui.widgets.elided_label import ElidedLabel

LONG = "Llama-3.2-1B-Instruct-with-a-name-that-does-not-end.Q4_K_M.gguf"


def test_a_long_name_is_shortened_in_the_middle_and_whole_in_the_tooltip(qtbot):
    label = ElidedLabel(LONG)
    qtbot.addWidget(label)
    label.resize(160, 20)
    label.show()
    assert label.text().startswith("Llama")
    assert label.text().endswith("gguf")
    assert "…" in label.text()
    assert label.toolTip() == label.whole_text() == label.accessibleName() == LONG


def test_a_name_that_fits_has_no_tooltip(qtbot):
    label = ElidedLabel("short")
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    label.show()
    assert label.text() == "short"
    assert not label.toolTip()


def test_room_given_back_shows_the_whole_name_again(qtbot):
    label = ElidedLabel(LONG)
    qtbot.addWidget(label)
    label.show()
    label.resize(100, 20)
    label.resize(label.sizeHint())
    assert label.text() == LONG


def test_a_long_name_does_not_widen_the_window(qtbot):
    label = ElidedLabel(LONG * 10)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 100


def test_line_breaks_become_spaces(qtbot):
    label = ElidedLabel("two\nlines")
    qtbot.addWidget(label)
    assert label.whole_text() == "two lines"
