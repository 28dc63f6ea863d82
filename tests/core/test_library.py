from pathlib import Path

import pytest

from desktop.core.library import Integrity, RemovedModel, Verification

PATH = Path("/models/m.gguf")


@pytest.mark.parametrize(
    ("integrity", "words"),
    [
        (Integrity.INTACT, "is intact"),
        (Integrity.RECORDED, "later checks compare with it"),
        (Integrity.CHANGED, "has changed or is damaged"),
    ],
)
def test_the_outcome_of_a_check_is_told_in_words(integrity: Integrity, words: str):
    assert words in Verification(PATH, "Name", integrity, ("ab",)).sentence()


@pytest.mark.parametrize(
    ("file_bytes", "can_undo", "sentence"),
    [
        (98e6, True, "N is in the trash. 98 MB come back in 30 days, or when you empty it."),
        (0, True, "N is off the list. Its file stays where it is."),
        (0, False, "N is off the list."),
    ],
)
def test_a_removal_says_what_it_does_for_the_disk(file_bytes: int, can_undo: bool, sentence: str):
    assert RemovedModel("N", PATH, file_bytes, can_undo).sentence() == sentence
