"""Widgets that know nothing of this app."""
