"""Looks at processes and machine once a second."""

import os
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.core.telemetry import EnginePhase, EngineStatus, MachineSnapshot, ProcessMemory
from desktop.services.engine_client import EngineClient
from desktop.system.energy_probe import EnergyProbe
from desktop.system.gpu_probe import GpuProbe
from desktop.system.memory_probe import (
    CpuSampler,
    machine_memory,
    process_memory,
    proportional_bytes,
)

SAMPLE_INTERVAL_MS = 1000
SHARE_EVERY_SAMPLES = 10
"""How often an idle engine's share of shared pages is asked for, which takes the kernel a while."""


class TelemetrySampler(QObject):
    """Samples memory, processor, devices and energy; lives in the window's process.

    Signals:
        snapshot_taken: Once a second, and at once on `sample`. MachineSnapshot.
    """

    snapshot_taken = Signal(object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._cpu = CpuSampler()
        self._gpu = GpuProbe()
        self._energy = EnergyProbe()
        self._share_bytes: int | None = None
        self._share_age_samples = 0
        self._timer = QTimer(self)
        self._timer.setInterval(SAMPLE_INTERVAL_MS)
        self._timer.timeout.connect(self.sample)
        engine.model_loaded.connect(self._on_engine_model_loaded)

    def start(self) -> None:
        """Begin to sample."""
        self._timer.start()
        self.sample()

    def stop(self) -> None:
        """End, and let go of the sensors."""
        self._timer.stop()
        self._gpu.close()

    @Slot(object)
    def _on_engine_model_loaded(self, _status: EngineStatus) -> None:
        self._share_bytes, self._share_age_samples = None, SHARE_EVERY_SAMPLES
        self.sample()

    @Slot()
    def sample(self) -> None:
        """Take a snapshot now."""
        pid, own_pid = self._engine.pid, os.getpid()
        machine = machine_memory()
        app = process_memory(own_pid) or ProcessMemory(0, None, None)
        snapshot = MachineSnapshot(
            engine=self._engine_memory(pid) if pid else None,
            app=app,
            available_bytes=machine.available_bytes,
            total_bytes=machine.total_bytes,
            engine_cpu_percent=self._cpu.process_percent(pid) if pid else None,
            machine_cpu_percent=self._cpu.machine_percent(),
            devices=self._gpu.devices(),
            power_watts=self._energy.watts(),
        )
        self.snapshot_taken.emit(snapshot)

    def _engine_memory(self, pid: int) -> ProcessMemory | None:
        memory = process_memory(pid)
        if memory is None:
            return None
        self._share_age_samples += 1
        is_due = self._share_age_samples >= SHARE_EVERY_SAMPLES
        if is_due and self._engine.status.phase is EnginePhase.IDLE:
            self._share_bytes, self._share_age_samples = proportional_bytes(pid), 0
        return replace(memory, pss_bytes=self._share_bytes)
