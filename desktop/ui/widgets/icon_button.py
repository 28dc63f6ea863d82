"""Buttons that show an icon only, with a name and a tooltip."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.ui.icon import icon
from desktop.ui.theme import ICON_PX, tokens_for


class IconButton(QToolButton):
    """A borderless button with an icon in the secondary colour, tinted again with the palette.

    Args:
        icon_name: A file of `resources/icons`, without its ending.
        name: What the button does, for the tooltip and for screen readers.
        shortcut: Such as ``Ctrl+B``; shown in the tooltip, not installed.
    """

    def __init__(
        self, icon_name: str, name: str, shortcut: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setProperty("variant", "icon")
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.set_name(name, shortcut)
        self._tint()

    def set_name(self, name: str, shortcut: str = "") -> None:
        """Say what the button does."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  ({shortcut})" if shortcut else name)

    def set_icon(self, icon_name: str) -> None:
        """Show another icon."""
        self._icon_name = icon_name
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        self.setIcon(icon(self._icon_name, tokens_for(self.palette()).secondary))
