"""Widgets: they emit wishes and show facts."""
