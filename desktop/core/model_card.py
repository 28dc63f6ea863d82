"""Everything that is known of a model before it is downloaded, as its card shows it."""

from dataclasses import dataclass

from desktop.core.errors import Problem
from desktop.core.figure import Figure
from desktop.core.model_entry import Surroundings
from desktop.core.weighing import ModelSource, TestDrive, Weighing


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model as far as it is known; None is not known yet.

    Attributes:
        surroundings: The memory it would meet on this machine.
        tokens_per_s: Decode speed at a short context, with how it came to be known.
        speed_error: Of an estimated speed, the share by which it was off for models measured
            here, such as 0.2; None if none was measured.
        stage: What is being done now, in words; empty when nothing is.
        fraction: How far that is, 0 to 1; None if that is not known.
        problem: Why it could not be weighed or driven.
    """

    source: ModelSource
    surroundings: Surroundings
    weighing: Weighing | None = None
    tokens_per_s: Figure | None = None
    speed_error: float | None = None
    test_drive: TestDrive | None = None
    stage: str = ""
    fraction: float | None = None
    problem: Problem | None = None
