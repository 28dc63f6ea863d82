"""The environment that huggingface_hub reads when it is imported."""

from pathlib import Path

DEFAULT_ENDPOINT = "https://huggingface.co"


def hub_environment(home: Path, endpoint: str, *, is_offline: bool) -> dict[str, str]:
    """Return the variables for a process that talks to the Hub.

    Without them the library reports its use, mixes its tokens and files with those of other
    programs, and sends tokens wherever the endpoint says.

    Args:
        home: Folder for the library's own files, the token among them.
        endpoint: Address of the Hub or of a mirror; empty for the Hub.
        is_offline: Whether it must not talk to anybody.
    """
    return {
        "HF_HOME": str(home),
        "HF_TOKEN_PATH": str(home / "token"),
        "HF_ENDPOINT": endpoint or DEFAULT_ENDPOINT,
        "HF_HUB_OFFLINE": "1" if is_offline else "0",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    }
