import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon

from desktop.ui.icon import icon, icon_pixmap
from desktop.ui.resource import resource_path

NAMES = sorted(
    path.stem
    for path in resource_path("icons").glob("*.svg")
    if path.stem != "heft" and not path.stem.startswith("tick-")
)


def painted_colors(pixmap) -> set[str]:
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {QColor(pixel).name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_its_color_alone(name: str):
    pixmap = icon(name, "#0f6e6e").pixmap(QSize(54, 54))
    assert painted_colors(pixmap) == {"#0f6e6e"}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_an_icon_has_a_drawing_for_each_scale_of_the_screen(ratio: float):
    pixmap = icon_pixmap("check", "#0f6e6e", 16, ratio)
    assert pixmap.size() == QSize(round(16 * ratio), round(16 * ratio))
    assert pixmap.deviceIndependentSize().toSize() == QSize(16, 16)


@pytest.mark.usefixtures("qapp")
def test_an_icon_is_drawn_once_for_each_color():
    assert icon("check", "#112233") is icon("check", "#112233")
    assert icon("check", "#112233") is not icon("check", "#445566")


@pytest.mark.usefixtures("qapp")
def test_the_mark_of_the_app_can_be_drawn():
    mark = QIcon(str(resource_path("icons", "heft.svg"))).pixmap(QSize(64, 64))
    assert {"#0f6e6e", "#ffffff"} <= painted_colors(mark)


def test_each_set_of_drawings_and_fonts_has_its_licence():
    assert "ISC License" in resource_path("icons", "LICENSE-lucide.txt").read_text("utf-8")
    for name in ("Inter", "JetBrainsMono"):
        text = resource_path("fonts", f"OFL-{name}.txt").read_text("utf-8")
        assert "SIL OPEN FONT LICENSE" in text
