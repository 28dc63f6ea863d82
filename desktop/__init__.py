"""Heft: chat with language models on your own machine, and see what each one weighs."""

__version__ = "0.1.0"
