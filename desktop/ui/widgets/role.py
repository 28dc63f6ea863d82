"""Gives a widget another role in the style sheet while it is shown."""

from PySide6.QtWidgets import QLabel


def set_role(label: QLabel, role: str) -> None:
    """Let the style sheet draw a label as `role`, such as ``good``; see `resources/style`."""
    if label.property("role") == role:
        return
    label.setProperty("role", role)
    label.style().unpolish(label)
    label.style().polish(label)
