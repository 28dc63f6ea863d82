"""What is said of a download."""

from desktop.core.download import DownloadEntry, DownloadState
from desktop.core.text_format import NOT_AVAILABLE, format_bytes

_MINUTE_S, _HOUR_S = 60, 3600


def about_text(entry: DownloadEntry) -> str:
    """Write where a model comes from and how it is packed: ``owner/name · Q4_K_M · 3 parts``."""
    file = entry.file
    parts = f"{len(file.parts)} parts" if len(file.parts) > 1 else ""
    return " · ".join(part for part in (file.repo, file.quantization, parts) if part)


def amount_text(entry: DownloadEntry) -> str:
    """Write how much is there: ``1.20 GB of 4.92 GB``; its size alone if all or nothing is."""
    total = format_bytes(entry.file.size_bytes)
    if entry.state is DownloadState.DONE or not entry.done_bytes:
        return total
    return f"{format_bytes(entry.done_bytes)} of {total}"


def speed_text(entry: DownloadEntry) -> str:
    """Write the speed: ``23 MB/s``; empty while it is not known."""
    if entry.bytes_per_s is None or not entry.state.is_active:
        return ""
    return f"{format_bytes(entry.bytes_per_s)}/s"


def remaining_text(entry: DownloadEntry) -> str:
    """Write the time left: ``45 s left``, ``3 min left``, ``1 h 20 min left``."""
    if entry.remaining_s is None or not entry.state.is_active:
        return ""
    seconds = max(1, round(entry.remaining_s))
    if seconds < _MINUTE_S:
        return f"{seconds} s left"
    if seconds < _HOUR_S:
        return f"{round(seconds / _MINUTE_S)} min left"
    hours, rest_s = divmod(seconds, _HOUR_S)
    return f"{hours} h {rest_s // _MINUTE_S} min left"


def fraction_of(entry: DownloadEntry) -> float:
    """Return how far a download is, from 0 to 1."""
    total_bytes = entry.file.size_bytes
    return min(1.0, entry.done_bytes / total_bytes) if total_bytes else 0.0


def spoken_text(entry: DownloadEntry) -> str:
    """Say everything about a download in one line, for screen readers."""
    parts = (
        entry.name,
        entry.state.value,
        amount_text(entry),
        f"speed {speed_text(entry) or NOT_AVAILABLE}" if entry.state.is_active else "",
        remaining_text(entry),
        entry.note,
        entry.problem.sentence() if entry.problem else "",
    )
    return ", ".join(part for part in parts if part)


def summary_text(entries: tuple[DownloadEntry, ...]) -> str:
    """Write what is going on in all: ``2 under way, 1 waiting · 34 MB/s``."""
    under_way = sum(entry.state.is_active for entry in entries)
    counts = [
        (under_way, "under way"),
        *(
            (sum(entry.state is state for entry in entries), state.value)
            for state in (
                DownloadState.QUEUED,
                DownloadState.PAUSED,
                DownloadState.FAILED,
                DownloadState.DONE,
            )
        ),
    ]
    words = ", ".join(f"{count} {word}" for count, word in counts if count)
    speed = sum(entry.bytes_per_s or 0.0 for entry in entries if entry.state.is_active)
    return f"{words} · {format_bytes(speed)}/s" if speed else words
