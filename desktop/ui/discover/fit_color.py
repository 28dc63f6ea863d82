"""The colour that goes with the word for how a model fits."""

from desktop.core.memory_fit import Fit
from desktop.ui.theme import Tokens

FIT_ROLES = {Fit.EASY: "good", Fit.TIGHT: "warning", Fit.SWAP: "bad", Fit.NO: "bad"}
"""Colour roles of `theme.Tokens`; the word always stands beside them."""


def fit_color(tokens: Tokens, fit: Fit) -> str:
    """Return the colour of a fit."""
    return str(getattr(tokens, FIT_ROLES[fit]))
