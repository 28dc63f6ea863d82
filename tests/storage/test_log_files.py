import logging
from pathlib import Path

import pytest

from desktop.storage.log_files import KEPT_FILES, MAX_BYTES, start_logging


@pytest.fixture
def root_logger():
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield root
    root.setLevel(level)
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()


def test_what_is_logged_is_in_the_file(tmp_path: Path, root_logger: logging.Logger):
    handler = start_logging(tmp_path, "window")
    logging.getLogger("llama.cpp").info("loaded %s", "ä")
    logging.getLogger("llama.cpp").debug("not this")
    handler.flush()
    assert handler in root_logger.handlers
    text = (tmp_path / "window.log").read_text("utf-8")
    assert "INFO" in text
    assert "llama.cpp: loaded ä" in text
    assert "not this" not in text


@pytest.mark.usefixtures("root_logger")
def test_the_log_does_not_grow_for_ever(tmp_path: Path):
    handler = start_logging(tmp_path, "chat")
    logger = logging.getLogger("heft")
    for _ in range(6):
        logger.info("x" * (MAX_BYTES - 1000))
    handler.flush()
    assert len(list(tmp_path.iterdir())) == KEPT_FILES + 1
