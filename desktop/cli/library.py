"""The installed models as the command line sees them: every file looked into."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from desktop.core.errors import AppError
from desktop.core.library import ForeignPlace
from desktop.core.local_model import (
    LocalModel,
    ModelEntry,
    ModelFacts,
    ModelOrigin,
    display_name,
    preferred_model,
)
from desktop.core.model_entry import Surroundings, model_entry
from desktop.core.speed_estimate import estimate_error, learn_calibration
from desktop.storage.foreign_models import find_models
from desktop.storage.foreign_places import usual_places
from desktop.storage.model_file import inspect_file
from desktop.storage.model_store import ModelStore
from desktop.storage.paths import Paths
from desktop.storage.settings_store import SettingsStore
from desktop.system.hardware import measure_memory_bandwidth
from desktop.system.memory_probe import machine_memory


class Library:
    """The models of one data folder; looks into new files when it is opened."""

    def __init__(
        self, store: ModelStore, last_model: Path | None, places: Iterable[ForeignPlace] = ()
    ) -> None:
        """Open the list.

        Args:
            store: The list and the figures.
            last_model: File of the model that was used last.
            places: Where other programs' models are looked for; without any, what the window
                found there counts.
        """
        self.store = store
        self._last_model = last_model
        if places:
            store.remember_found(find_models(places))
        for path in store.uninspected():
            store.remember_inspection(path, *inspect_file(path))
        self.models = store.scan()

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return all models with their memory and speed on this machine."""
        surroundings = self.surroundings()
        return tuple(
            model_entry(model, self.store.record(model), surroundings) for model in self.models
        )

    def installed(self, wanted: str) -> LocalModel:
        """Return the model of the list with that name, file name or path, usable or not.

        Raises:
            AppError: There is none, or more than one.
        """
        model = self._of_name(wanted) or self._of_path(Path(wanted).expanduser())
        if model is None:
            raise self._unknown(wanted)
        return model

    def choose(self, wanted: str | None) -> LocalModel:
        """Return the model of that name, file name or path, or the default one.

        Raises:
            AppError: There is none, or it cannot be used.
        """
        model = self._default() if wanted is None else self._named(wanted)
        if model.problem is not None:
            raise AppError.from_problem(model.problem)
        return model

    def surroundings(self) -> Surroundings:
        """Return what a model meets on this machine now."""
        bandwidth = self.store.bandwidth_bytes_per_s()
        if bandwidth is None:
            bandwidth = measure_memory_bandwidth()
            self.store.save_bandwidth(bandwidth)
        memory, measured = machine_memory(), self._measured()
        return Surroundings(
            memory.available_bytes,
            memory.total_bytes,
            bandwidth,
            learn_calibration(measured, bandwidth),
            estimate_error(measured, bandwidth),
        )

    def _measured(self) -> list[tuple[ModelFacts, float]]:
        measured = []
        for model in self.models:
            measurement = self.store.measurement(model)
            if model.facts and measurement and measurement.tokens_per_s:
                measured.append((model.facts, measurement.tokens_per_s))
        return measured

    def _default(self) -> LocalModel:
        preferred = preferred_model(self.models, self._last_model)
        if preferred is None:
            raise AppError(
                "No model is installed",
                "Heft needs a model file to answer with.",
                "Add one with: heft add FILE",
            )
        return preferred

    def _named(self, wanted: str) -> LocalModel:
        model = self._of_name(wanted)
        path = Path(wanted).expanduser()
        if model is None and path.exists():
            model = self._of_path(path) or _uninstalled(path)
        if model is None:
            raise self._unknown(wanted)
        return model

    def _of_name(self, wanted: str) -> LocalModel | None:
        for matches in _MATCHES:
            found = [model for model in self.models if matches(model, wanted.casefold())]
            if len(found) == 1:
                return found[0]
            if found:
                raise AppError(
                    f"“{wanted}” means more than one model",
                    f"It fits {_listed(found)}.",
                    "Give the file name instead.",
                )
        return None

    def _of_path(self, path: Path) -> LocalModel | None:
        path = path.parent.resolve() / path.name
        return next((model for model in self.models if model.path == path), None)

    def _unknown(self, wanted: str) -> AppError:
        installed = f"Installed: {_listed(self.models)}." if self.models else "None is installed."
        return AppError(
            f"There is no model “{wanted}”", installed, "Add a file with: heft add FILE"
        )


@contextmanager
def open_library(paths: Paths) -> Iterator[Library]:
    """Open the models of a data folder, which is made if it is not there."""
    paths.create()
    settings, _ = SettingsStore(paths.settings_file).load()
    store = ModelStore(paths.library_database, settings.models_folder or paths.models)
    places = usual_places(os.environ, Path.home(), sys.platform)
    try:
        yield Library(store, settings.last_model, places)
    finally:
        store.close()


def _uninstalled(path: Path) -> LocalModel:
    path = path.parent.resolve() / path.name
    model = LocalModel(path, display_name(path), path.stat().st_size, ModelOrigin.ADDED)
    facts, problem = inspect_file(path)
    if facts is None:
        return replace(model, problem=problem)
    name = display_name(path, facts.quantization)
    return replace(model, name=name, file_bytes=facts.file_bytes, facts=facts)


def _has_name(model: LocalModel, wanted: str) -> bool:
    return wanted in {model.path.name.casefold(), model.path.stem.casefold()} or (
        model.name.casefold() == wanted
    )


def _contains(model: LocalModel, wanted: str) -> bool:
    return wanted in model.name.casefold() or wanted in model.path.name.casefold()


_MATCHES: tuple[Callable[[LocalModel, str], bool], ...] = (_has_name, _contains)


def _listed(models: tuple[LocalModel, ...] | list[LocalModel]) -> str:
    return ", ".join(f"{model.name} ({model.path.name})" for model in models)
