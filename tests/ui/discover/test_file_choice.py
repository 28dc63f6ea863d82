from dataclasses import replace

from hub_offers import GB, SURROUNDINGS, TINY, hub_file, hub_repository

from desktop.core.memory_fit import Fit
from desktop.core.model_entry import Surroundings
from desktop.ui.discover.file_choice import file_fit, preferred_file

REPOSITORY = hub_repository()


def chosen(entry=None, path="", surroundings=SURROUNDINGS, repository=REPOSITORY) -> str:
    file = preferred_file(repository, entry, path, surroundings)
    return file.quantization if file else ""


def test_the_file_of_the_catalogue_comes_first():
    assert chosen(entry=replace(TINY, file="Tiny-1B-Q8_0.gguf")) == "Q8_0"


def test_a_file_that_was_asked_for_by_its_address_comes_before_all():
    assert chosen(entry=TINY, path="Tiny-1B-Q2_K.gguf") == "Q2_K"


def test_without_either_it_is_the_usual_packing_if_that_fits():
    assert chosen() == "Q4_K_M"
    assert chosen(surroundings=None) == "Q4_K_M"
    assert chosen(surroundings=Surroundings(GB * 4 // 5, GB)) == "Q2_K"


def test_where_the_usual_does_not_fit_it_is_the_largest_that_does():
    files = (*REPOSITORY.files[:1], hub_file("Q4_K_M", 42 * GB))
    assert chosen(repository=replace(REPOSITORY, files=files)) == "Q2_K"


def test_where_nothing_fits_it_is_the_smallest():
    files = (hub_file("Q3_K_S", 30 * GB), hub_file("Q8_0", 80 * GB))
    assert chosen(repository=replace(REPOSITORY, files=files)) == "Q3_K_S"


def test_a_repository_without_models_has_no_file():
    assert preferred_file(replace(REPOSITORY, files=()), TINY, "", SURROUNDINGS) is None


def test_size_alone_tells_a_first_fit():
    assert file_fit(REPOSITORY.files[0], SURROUNDINGS) is Fit.EASY
    assert file_fit(hub_file("F16", 140 * GB), SURROUNDINGS) is Fit.NO
