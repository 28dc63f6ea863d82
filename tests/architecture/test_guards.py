"""The guards of tests/conftest.py do fail a test that leaves something behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAKS = {
    "process": """
        import subprocess
        def test_leak():
            kept.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1))
    """,
    "socket": """
        import socket
        def test_leak():
            kept.append(socket.create_server(("127.0.0.1", 0)))
    """,
    "QTimer": """
        from PySide6.QtCore import QTimer
        def test_leak(qtbot):
            kept.append(QTimer())
            kept[0].start(1000)
    """,
    "QLocalServer": """
        from PySide6.QtNetwork import QLocalServer
        def test_leak(qtbot, tmp_path):
            kept.append(QLocalServer())
            assert kept[0].listen(str(tmp_path / "server"))
    """,
}


def _run_test(folder: Path, root: Path, body: str) -> str:
    lines = ["import sys", "kept = []", *(line[8:] for line in body.splitlines())]
    (folder / "test_it.py").write_text("\n".join(lines), "utf-8")
    conftest = (root / "tests" / "conftest.py").read_text("utf-8")
    (folder / "conftest.py").write_text(conftest, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(root / "packaging")}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return answer.stdout


@pytest.mark.slow
@pytest.mark.parametrize("what", LEAKS)
def test_a_leak_fails_the_test_that_made_it(what: str, tmp_path: Path, root: Path) -> None:
    output = _run_test(tmp_path, root, LEAKS[what])
    assert f"left behind: {what}" in output
    assert "1 passed, 1 error" in output


@pytest.mark.slow
def test_a_timer_of_a_closed_widget_is_no_leak(tmp_path: Path, root: Path) -> None:
    body = """
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QWidget
        def test_tidy(qtbot):
            widget = QWidget()
            qtbot.addWidget(widget)
            QTimer(widget).start(1000)
            kept.append(widget)
    """
    assert "1 passed in" in _run_test(tmp_path, root, body)
