from PySide6.QtWidgets import QApplication

from desktop.core.settings import ThemeChoice
from desktop.ui.appearance import apply_theme
from desktop.ui.theme import DARK, LIGHT
from desktop.ui.widgets.icon_button import IconButton


def darkest_pixel(button: IconButton) -> str:
    image = button.icon().pixmap(54, 54).toImage()
    return next(
        image.pixelColor(x, y).name().upper()
        for x in range(54)
        for y in range(54)
        if image.pixelColor(x, y).alpha() == 255
    )


def test_an_icon_button_has_a_name_and_tells_its_shortcut(qtbot):
    button = IconButton("panel-left", "Hide the list", "Ctrl+B")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Hide the list"
    assert "Ctrl+B" in button.toolTip()


def test_the_icon_follows_the_palette(qapp: QApplication, qtbot):
    button = IconButton("panel-left", "Hide the list")
    qtbot.addWidget(button)
    button.show()
    for choice, tokens in ((ThemeChoice.DARK, DARK), (ThemeChoice.LIGHT, LIGHT)):
        apply_theme(qapp, choice)
        assert darkest_pixel(button) == tokens.secondary
    qapp.setStyleSheet("")
