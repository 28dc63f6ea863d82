import json
from pathlib import Path


def test_the_doctor_knows_the_machine(heft, data_dir: Path):
    told = heft("doctor", "--json")
    assert told.returncode == 0
    report = json.loads(told.stdout)
    assert report["cpu"]
    assert report["physical_cores"] >= 1
    assert report["total_bytes"] >= report["available_bytes"] > 0
    assert report["memory_bandwidth_bytes_per_s"] > 0
    assert any(device["name"] == "CPU" for device in report["compute_devices"])
    assert report["versions"]["llama-cpp-python"].startswith("0.3")
    assert report["folders"]["models"] == str(data_dir / "models")


def test_the_doctor_speaks_to_people_as_well(heft, data_dir: Path):
    told = heft("doctor")
    assert told.returncode == 0
    assert "GB/s" in told.stdout
    assert str(data_dir) in told.stdout
    assert "{" not in told.stdout
