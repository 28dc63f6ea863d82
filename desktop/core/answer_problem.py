"""Why an answer did not come or broke off, where nothing was at fault, in words."""

from typing import Final

from desktop.core.errors import Problem

STOPPED_EARLY: Final = Problem(
    "Stopped before the answer began",
    "You stopped it while the model was still being loaded.",
    "Send the message again when you want the answer.",
)
SWITCHED: Final = Problem(
    "The answer was broken off",
    "You switched to another model while this one was answering.",
    "Ask again to hear the other model.",
)
LET_GO: Final = Problem(
    "The answer was broken off",
    "The model was let go while it was answering.",
    "Choose another model and ask again.",
)
NO_MODEL: Final = Problem(
    "No model is loaded",
    "There is nothing to answer with yet.",
    "Choose a model at the top of the window, then send the message again.",
)
