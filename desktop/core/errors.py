"""Errors in words: what failed, why, and what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, told to a person.

    Attributes:
        title: What failed, in a few words without a full stop.
        detail: Why, in one or two sentences.
        next_step: What the reader can do about it.
        log: Lines for those who fold out the details; newest last.
    """

    title: str
    detail: str
    next_step: str = ""
    log: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return title, detail and next step as one paragraph."""
        return " ".join(part for part in (f"{self.title}.", self.detail, self.next_step) if part)


class AppError(Exception):
    """A failure that is shown to the user as it stands."""

    def __init__(
        self, title: str, detail: str, next_step: str = "", log: tuple[str, ...] = ()
    ) -> None:
        self.problem = Problem(title, detail, next_step, log)
        super().__init__(self.problem.sentence())

    @classmethod
    def from_problem(cls, problem: Problem) -> "AppError":
        """Wrap a problem that came from another process."""
        return cls(problem.title, problem.detail, problem.next_step, problem.log)
