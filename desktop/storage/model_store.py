"""The models of this machine: where their files are, what they are, and what became of them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.core.errors import AppError, Problem
from desktop.core.library import FoundModel, Integrity, Relocation, Rename, Verification
from desktop.core.local_model import LocalModel, ModelFacts, ModelOrigin, display_name
from desktop.core.model_entry import ModelRecord
from desktop.core.model_problem import another_model, changed_file, missing_file, unreadable_name
from desktop.storage.database import Database, Sharing
from desktop.storage.figure_store import FigureStore, is_storable
from desktop.storage.inspection_store import Inspection, InspectionStore
from desktop.storage.known_files import KnownFile, KnownFiles
from desktop.storage.library_schema import LIBRARY_SCHEMA
from desktop.storage.model_file import files_below, inspect_file, parts_of, stamp_of
from desktop.storage.model_source import promised_sha256

# Everything that is kept by path, for when a file lies elsewhere.
_MOVES = (
    "UPDATE OR REPLACE known_file SET path = :new WHERE path = :old",
    "UPDATE OR REPLACE inspection SET path = :new WHERE path = :old",
    "UPDATE OR REPLACE measurement SET path = :new WHERE path = :old",
    "UPDATE OR REPLACE test_drive SET key = :new WHERE key = :old",
)


class ModelStore(FigureStore):
    """The list of models of one data folder, in library.db; used from one thread.

    The window and the command line may have it open at the same time. Every method raises
    AppError when the disk or the file fails.
    """

    def __init__(self, database: Path, models: Path) -> None:
        super().__init__(Database(database, LIBRARY_SCHEMA, Sharing.SHARED))
        self._known = KnownFiles(self._database)
        self._inspections = InspectionStore(self._database)
        self._models = models.resolve()

    @property
    def models_folder(self) -> Path:
        """The folder that is searched for models and takes the downloads."""
        return self._models

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._database.close()

    def scan(self) -> tuple[LocalModel, ...]:
        """Return all models by name: of the model folder, added ones, and other programs'.

        No model file is opened: one that was not inspected yet has neither facts nor a problem.
        What was once in the model folder or added stays on the list when its file is gone. Of
        another program's models those are listed that can be used here, or have been.
        """
        found = [
            model
            for known, model in self._look()
            if model.facts is not None or known is None or known.is_dear
        ]
        return tuple(sorted(found, key=lambda model: (model.name.casefold(), model.path)))

    def uninspected(self) -> tuple[Path, ...]:
        """Return the files that are there and were not looked into since they changed."""
        models = (model for _, model in self._look())
        return tuple(model.path for model in models if not (model.facts or model.problem))

    def remember_inspection(
        self, path: Path, facts: ModelFacts | None, problem: Problem | None
    ) -> None:
        """Keep what `inspect_file` found, for as long as the file does not change."""
        stamp = stamp_of(path)
        if stamp is None or not is_storable(path):
            return
        before = self._inspections.get(path)
        known = self._known.get(path)
        if known is not None:
            if before is not None and before.stamp != stamp:
                known = replace(known, integrity=None, verified_at="")
            promised = promised_sha256(parts_of(path))
            self._known.save(replace(known, sha256=promised or known.sha256))
        self._inspections.keep(path, Inspection(stamp, facts, problem))

    def add_file(self, path: Path) -> LocalModel:
        """Put a model that lies elsewhere on the list, to be used in place.

        Raises:
            AppError: The file cannot be used as a model.
        """
        path = _absolute(path)
        facts, problem = inspect_file(path)
        if problem is not None:
            raise AppError.from_problem(problem)
        known = self._add(path)
        self.remember_inspection(path, facts, problem)
        return self._model(path, known, self._inspections.get(path))

    def add_unread(self, paths: Iterable[Path]) -> None:
        """Put files on the list that were looked into elsewhere and are to be inspected again."""
        with self._database.transaction():
            for path in paths:
                self._add(_absolute(path))

    def remember_found(self, found: Iterable[FoundModel]) -> None:
        """Take over what other programs have; what they had and was never used here is forgotten.

        A model that the user took off the list stays off it.
        """
        models = {Path(model.path): model for model in found}
        known = self._known.all()
        with self._database.transaction():
            for path, model in models.items():
                before = known.get(path, KnownFile(path, model.origin))
                if is_storable(path) and (path not in known or before.found_name != model.name):
                    self._known.save(replace(before, found_name=model.name))
            for path, one in known.items():
                if path not in models and not one.is_dear and not one.is_removed:
                    self._known.delete(path)

    def known(self, path: Path) -> KnownFile | None:
        """Return what is noted of a file, on the list or off it; None if it is not known."""
        return self._known.get(path) if is_storable(path) else None

    def removed(self) -> tuple[KnownFile, ...]:
        """Return the files that were taken off the list, the last one first."""
        removed = (known for known in self._known.all().values() if known.is_removed)
        return tuple(sorted(removed, key=lambda known: known.removed_at, reverse=True))

    def hide(self, path: Path) -> None:
        """Take a file off the list; what is known of it is kept for `show`."""
        self._change(path, removed_at=_now())

    def show(self, path: Path) -> None:
        """Put a file back on the list."""
        self._change(path, removed_at="")

    def forget(self, path: Path) -> None:
        """Take a file off the list for good; the file itself is not touched."""
        self._known.delete(path)

    def remember_use(self, path: Path) -> None:
        """Note that a model was loaded or has answered."""
        self._change(path, last_used_at=_now())

    def rename(self, rename: Rename) -> None:
        """Give a model a name of the user's own; the file keeps its name."""
        self._change(rename.path, given_name=rename.name.strip())

    def record_verification(self, model: LocalModel, sha256: tuple[str, ...]) -> Verification:
        """Compare the hashes of a model's files with those that they should have.

        They are promised by the source of the files, or were recorded by the first check.
        """
        known = self.known(model.path)
        expected = promised_sha256(parts_of(model.path)) or (known.sha256 if known else ())
        if not expected:
            integrity = Integrity.RECORDED
        else:
            integrity = Integrity.INTACT if sha256 == expected else Integrity.CHANGED
        self._change(model.path, sha256=expected or sha256, integrity=integrity, verified_at=_now())
        return Verification(model.path, model.name, integrity, sha256)

    def relocate(self, move: Relocation) -> None:
        """Take note that a model's file lies elsewhere; names, uses and figures go with it.

        Raises:
            AppError: There is no usable model at the new place, or it is another one.
        """
        new = _absolute(move.new)
        facts, problem = inspect_file(new)
        stamp = stamp_of(new)
        if problem is not None or facts is None or stamp is None:
            raise AppError.from_problem(problem or missing_file(new.name))
        before = self._inspections.get(move.old)
        if before is not None and not _is_same(before, Inspection(stamp, facts, None)):
            raise AppError.from_problem(another_model(new.name, move.old.name))
        with self._database.transaction():
            there = self._known.get(new)
            self._move(move.old, new)
            origin = there.origin if there is not None else self._origin_of(new)
            self._change(new, origin=origin, removed_at="")
            self._inspections.keep(new, Inspection(stamp, facts, None))

    def use_folder(self, folder: Path) -> None:
        """Search another folder from now on, to which all files of the old one were copied."""
        old, new = self._models, folder.resolve()
        with self._database.transaction():
            for path in self._known.all():
                if path.is_relative_to(old):
                    self._move(path, new / path.relative_to(old))
        self._models = new

    def record(self, model: LocalModel) -> ModelRecord:
        """Return what was measured and noted of a model on this machine."""
        known = self.known(model.path) or KnownFile(model.path, model.origin)
        keys = (str(model.path), *known.sha256[:1]) if is_storable(model.path) else ()
        drives = (self.test_drive(key) for key in keys)
        return ModelRecord(
            self.measurement(model),
            next((drive for drive in drives if drive is not None), None),
            known.last_used_at,
            known.verified_at,
        )

    def _add(self, path: Path) -> KnownFile:
        known = self._known.get(path) or KnownFile(path, self._origin_of(path))
        known = replace(known, removed_at="")
        self._known.save(known)
        return known

    def _change(self, path: Path, **changes: Any) -> None:
        known = self.known(path)
        if known is not None:
            self._known.save(replace(known, **changes))

    def _move(self, old: Path, new: Path) -> None:
        for statement in _MOVES:
            self._database.write(statement, {"old": str(old), "new": str(new)})

    def _look(self) -> list[tuple[KnownFile | None, LocalModel]]:
        """Return every file that is on the list or may be, with what is noted of it."""
        in_folder = files_below(self._models)
        known = self._noted(in_folder)
        inspections = self._inspections.all()
        paths = {*(path for path, one in known.items() if not one.is_removed), *in_folder}
        return [
            (known.get(path), self._model(path, known.get(path), inspections.get(path)))
            for path in paths
        ]

    def _noted(self, in_folder: list[Path]) -> dict[Path, KnownFile]:
        """Bring what is noted in line with the model folder, and return it."""
        before = self._known.all()
        after = _in_line(before, {path for path in in_folder if is_storable(path)}, self._models)
        changed = [known for path, known in after.items() if known != before.get(path)]
        gone = before.keys() - after.keys()
        if changed or gone:
            # A disk without a free byte must not hide the models that could be deleted.
            with suppress(AppError), self._database.transaction():
                for known in changed:
                    self._known.save(known)
                for path in gone:
                    self._known.delete(path)
        return after

    def _model(
        self, path: Path, known: KnownFile | None, inspection: Inspection | None
    ) -> LocalModel:
        facts = inspection.facts if inspection is not None else None
        name = known.name if known is not None else ""
        name = name or display_name(path, facts.quantization if facts is not None else "")
        origin = known.origin if known is not None else ModelOrigin.HEFT
        stamp = stamp_of(path)
        if stamp is None:
            return LocalModel(path, name, 0, origin, problem=missing_file(path.name))
        model = LocalModel(path, name, stamp.size_bytes, origin)
        if not is_storable(path):
            return replace(model, problem=unreadable_name(path.name))
        if inspection is None or inspection.stamp != stamp:
            return model
        if known is not None and known.integrity is Integrity.CHANGED:
            return replace(model, problem=changed_file(path.name))
        return replace(model, facts=facts, problem=inspection.problem)

    def _origin_of(self, path: Path) -> ModelOrigin:
        return ModelOrigin.HEFT if path in files_below(self._models) else ModelOrigin.ADDED


def _in_line(known: dict[Path, KnownFile], here: set[Path], folder: Path) -> dict[Path, KnownFile]:
    """Return what is to be noted when these files lie in the model folder."""
    after = dict(known)
    for path in here:
        before = known.get(path, KnownFile(path, ModelOrigin.HEFT))
        after[path] = replace(before, origin=ModelOrigin.HEFT, removed_at="")
    for path, one in known.items():
        is_stray = one.origin is ModelOrigin.HEFT and path not in here and path.exists()
        if is_stray and path.is_relative_to(folder):
            # A further part of a split model that came before the first one.
            del after[path]
        elif is_stray:
            # The settings name another folder now.
            after[path] = replace(one, origin=ModelOrigin.ADDED)
    return after


def _absolute(path: Path) -> Path:
    # Links stay as they are: the file they lead to often has no name to speak of.
    path = path.expanduser()
    return path.parent.resolve() / path.name


def _is_same(one: Inspection, other: Inspection) -> bool:
    """Whether two inspections are of the same model; licences are not part of the file."""
    if one.stamp.size_bytes != other.stamp.size_bytes:
        return False
    return one.facts is None or _unlicensed(one.facts) == _unlicensed(other.facts)


def _unlicensed(facts: ModelFacts | None) -> ModelFacts | None:
    return replace(facts, license="") if facts is not None else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
