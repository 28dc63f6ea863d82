"""A model loaded as the engine loads it, its whole context filled; prints the peak RSS in bytes."""

import random
import sys
from pathlib import Path

import desktop.workers.engine_worker
from desktop.core.weighing import KvType
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.load_settings import LoadSettings
from desktop.engine.model import LoadedModel
from desktop.engine.prompt import PromptBuilder
from desktop.storage.model_file import inspect_file
from desktop.system.hardware import usable_cores
from desktop.system.memory_probe import peak_resident_bytes

SEED = 1


def main() -> None:
    """Fill the context with any tokens, as a long conversation does."""
    assert desktop.workers.engine_worker  # all that the engine's process imports
    path, context_tokens, kv_type = Path(sys.argv[1]), int(sys.argv[2]), KvType(sys.argv[3])
    facts, problem = inspect_file(path)
    if facts is None:
        sys.exit(problem.sentence() if problem else "no facts")
    settings = LoadSettings(context_tokens, usable_cores(), kv_type)
    model = LoadedModel(path, facts, settings, AbortFlag(), _ignore)
    PromptBuilder(model.vocabulary, model.chat_template())
    words = random.Random(SEED)
    count = model.session.size_tokens - 1
    tokens = [words.randrange(model.vocabulary.size) for _ in range(count)]
    model.session.process(tokens, _ignore)
    print(peak_resident_bytes())


def _ignore(_progress: float) -> None:
    """Nobody looks."""


if __name__ == "__main__":
    main()
