"""What `heft weigh` says against the resident memory that a real load reaches with a full context.

Each model is weighed by its header alone and then loaded in a process of its own, as the engine
loads it, and its whole context is processed; what is compared is the peak of that process. Last,
the starter's header is read off a Hub on this machine, to count requests and bytes.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from paired_runs import verdict
from places import ROOT

from desktop.core.weighing import KvType
from desktop.system.huge_pages import huge_page_variables

sys.path.append(str(ROOT / "tests" / "fakes"))
from hub_server import HubServer
from synthetic_model import Packing, Shape, write_synthetic_model

CONTEXTS_TOKENS = (512, 1024, 2048)
TOO_HIGH, TOO_LOW = 0.05, 0.02
MEBIBYTE = 1024**2
HEADER_BYTES, HEADER_REQUESTS = 3 * MEBIBYTE, 3
LISTING_BYTES, LISTING_REQUESTS = 256 * 1024, 1
REPO, FILE = "bench/Starter-GGUF", "starter.gguf"
SHAPES = {
    "llama, Q4_0 (repacked)": Shape(
        layers=12,
        embedding=768,
        feed_forward=2048,
        heads=12,
        kv_heads=4,
        vocabulary=32_000,
        packing=Packing.Q4_0,
        outer_packing=Packing.Q4_0,
    ),
    "llama, Q4_K and Q6_K": Shape(
        layers=8,
        embedding=1024,
        feed_forward=2816,
        heads=16,
        kv_heads=8,
        vocabulary=64_000,
        packing=Packing.Q4_K,
        outer_packing=Packing.Q6_K,
    ),
    "llama, 8 experts": Shape(
        layers=6,
        embedding=512,
        feed_forward=768,
        heads=8,
        kv_heads=4,
        vocabulary=32_000,
        packing=Packing.Q4_0,
        experts=8,
    ),
    "qwen2, F16, one table": Shape(
        "qwen2",
        layers=8,
        embedding=512,
        feed_forward=1408,
        heads=8,
        vocabulary=100_000,
        packing=Packing.F16,
        is_tied=True,
    ),
    "gemma3, Q8_0, windows": Shape(
        "gemma3",
        layers=12,
        embedding=512,
        feed_forward=1536,
        kv_heads=1,
        head_length=256,
        vocabulary=200_000,
        is_tied=True,
        window_tokens=512,
    ),
    "mamba, Q8_0, recurrent": Shape("mamba", layers=8, embedding=768, vocabulary=50_000),
}


def main() -> int:
    """Compare; returns the exit status."""
    starter = Path(os.environ["HEFT_STARTER_MODEL"])
    with tempfile.TemporaryDirectory(prefix="heft-bench-") as folder:
        # As the app starts its processes.
        os.environ.update({"HEFT_DATA_DIR": folder, **huge_page_variables()})
        errors = _errors("SmolLM2 135M, Q4_1", starter)
        for number, (name, shape) in enumerate(SHAPES.items()):
            path = write_synthetic_model(Path(folder, f"{number}.gguf"), shape)
            errors += _errors(name, path)
            path.unlink()
        is_met = verdict("largest error upwards", max(errors), TOO_HIGH, at_most=True)
        is_met &= verdict("largest error downwards", -min(errors), TOO_LOW, at_most=True)
        is_met &= _check_header(starter, Path(folder))
    return 0 if is_met else 1


def _errors(name: str, model: Path) -> list[float]:
    """Return by what share the weighing was too high, for each context and packing."""
    errors = []
    for kv_type in KvType:
        for context_tokens in CONTEXTS_TOKENS:
            options = ("--context", str(context_tokens), "--kv", kv_type.value, "--json")
            weighed_bytes = json.loads(_run("-m", "desktop", "weigh", str(model), *options))[
                "total_bytes"
            ]
            probe = Path(__file__).with_name("_full_context.py")
            real_bytes = int(_run(str(probe), str(model), str(context_tokens), kv_type.value))
            errors.append(weighed_bytes / real_bytes - 1)
            print(
                f"{name}, {context_tokens:,} tokens {kv_type.value}: "
                f"weighed {weighed_bytes / 1e6:.1f} MB, real {real_bytes / 1e6:.1f} MB, "
                f"error {errors[-1]:+.1%}",
                flush=True,
            )
    return errors


def _run(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def _check_header(starter: Path, folder: Path) -> bool:
    with HubServer() as server:
        server.add_repository(REPO, {FILE: starter})
        os.environ.update(server.variables(folder / "hub"))
        # What talks to the Hub reads its variables when it is imported.
        from desktop.hub.api import locate  # noqa: PLC0415
        from desktop.hub.http import open_client  # noqa: PLC0415
        from desktop.hub.remote_header import RemoteStart  # noqa: PLC0415

        weighed = json.loads(_run("-m", "desktop", "weigh", f"{REPO}/{FILE}", "--json"))
        with open_client() as client:
            start = RemoteStart(client, locate(REPO, FILE, "main"), REPO)
            start.listing()
        fetched_bytes, requests = weighed["header_bytes_fetched"], weighed["requests"]
    is_met = verdict("bytes of the header", fetched_bytes, HEADER_BYTES, at_most=True)
    is_met &= verdict("requests for it", requests, HEADER_REQUESTS, at_most=True)
    is_met &= verdict("bytes of the listing", start.fetched_bytes, LISTING_BYTES, at_most=True)
    return is_met & verdict("requests for it", start.requests, LISTING_REQUESTS, at_most=True)


if __name__ == "__main__":
    sys.exit(main())
