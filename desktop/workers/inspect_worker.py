"""A short-lived process that reads model files and measures memory, so that no window waits."""

from pathlib import Path

from desktop.storage.model_file import inspect_file
from desktop.system.hardware import measure_memory_bandwidth
from desktop.wire.messages import (
    BandwidthMeasured,
    FileInspected,
    InspectFile,
    MeasureBandwidth,
    Request,
)
from desktop.workers.runtime import Send, run_worker


class InspectRole:
    """Carries out requests about files and memory; each is short, so none can be cancelled."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def handle(self, request: Request) -> None:
        """Carry out one request."""
        match request:
            case InspectFile(path=path):
                facts, problem = inspect_file(Path(path))
                self._send(FileInspected(path, facts, problem))
            case MeasureBandwidth():
                self._send(BandwidthMeasured(measure_memory_bandwidth()))
            case _:
                raise ValueError(f"not for inspection: {type(request).__name__}")

    def cancel(self) -> None:
        """Go on: a header is read in milliseconds."""

    def forget_cancel(self) -> None:
        """There is none to forget."""


def main() -> None:
    """Run the process."""
    run_worker(InspectRole)
