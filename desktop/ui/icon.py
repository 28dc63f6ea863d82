"""Outline icons, tinted from the palette and crisp at any scale of the screen."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.ui.resource import resource_path
from desktop.ui.theme import ICON_PX

_SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
"""Device pixel ratios that get a drawing of their own; others shrink the next larger one."""


@lru_cache(maxsize=256)
def icon(name: str, color: str, pixels: int = ICON_PX) -> QIcon:
    """Return an icon of `resources/icons`, drawn in a colour such as ``#0F6E6E``.

    A widget that keeps icons asks again when its palette changes; `IconButton` does so itself.
    """
    result = QIcon()
    renderer = _renderer(name, color)
    for scale in _SCALES:
        result.addPixmap(_draw(renderer, round(pixels * scale)))
    return result


def icon_pixmap(name: str, color: str, pixels: int, ratio: float) -> QPixmap:
    """Return an icon as a picture of `pixels` for a screen with this device pixel ratio."""
    pixmap = icon(name, color, pixels).pixmap(QSize(pixels, pixels), ratio)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _renderer(name: str, color: str) -> QSvgRenderer:
    drawing = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", color).encode()))


def _draw(renderer: QSvgRenderer, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
