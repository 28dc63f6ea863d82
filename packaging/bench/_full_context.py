"""A model loaded as the engine loads it, its whole context filled; prints the peak RSS in bytes."""

import sys
from importlib import import_module
from pathlib import Path

from desktop.core.weighing import KvType
from desktop.engine.abort_flag import AbortFlag
from desktop.engine.load_settings import LoadSettings
from desktop.engine.model import LoadedModel
from desktop.engine.prompt import PromptBuilder
from desktop.storage.model_file import inspect_file
from desktop.system.hardware import usable_cores
from desktop.system.memory_probe import peak_resident_bytes

STRIDE = 7919
"""A prime: each token is another one."""


def main() -> None:
    """Fill the context with any tokens, as a long conversation does."""
    import_module("desktop.workers.engine_worker")  # all that the engine's process holds
    path, context_tokens, kv_type = Path(sys.argv[1]), int(sys.argv[2]), KvType(sys.argv[3])
    facts, problem = inspect_file(path)
    if facts is None:
        sys.exit(problem.sentence() if problem else "no facts")
    settings = LoadSettings(context_tokens, usable_cores(), kv_type)
    model = LoadedModel(path, facts, settings, AbortFlag(), _ignore)
    PromptBuilder(model.vocabulary, model.chat_template())
    count = model.session.size_tokens - 1
    tokens = [number * STRIDE % model.vocabulary.size for number in range(count)]
    model.session.process(tokens, _ignore)
    print(peak_resident_bytes())


def _ignore(_progress: float) -> None:
    """Nobody looks."""


if __name__ == "__main__":
    main()
