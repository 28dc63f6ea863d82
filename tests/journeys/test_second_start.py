"""Heft is started while it runs."""

import subprocess
import sys

import pytest
from running_app import environment
from tiny_model import write_tiny_model

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_second_start_raises_the_first_window_hands_over_its_files_and_ends(
    run_app, data_dir, tmp_path
):
    first = run_app()
    first.see(lambda sight: not sight.is_minimized)
    first.tell("minimize")
    first.see(lambda sight: sight.is_minimized)

    added = write_tiny_model(tmp_path / "Added.gguf")
    command = [sys.executable, "-m", "desktop", "--data-dir", str(data_dir), str(added)]
    second = subprocess.run(command, env=environment(), timeout=30, check=False)
    assert second.returncode == 0
    sight = first.see(lambda sight: not sight.is_minimized and sight.models)
    assert sight.models == ["Added"]
    assert first.close() == 0
