"""Numbers as people read them: with a unit, without false precision."""

NOT_AVAILABLE = "not available"


def format_bytes(count: float | None) -> str:
    """Write a size in decimal units: ``98 MB``, ``0.26 GB`` from 200 MB of memory upwards.

    Decimal units are what disks, the Hub and file managers use; one unit system everywhere.
    """
    if count is None:
        return NOT_AVAILABLE
    if count < 999.5e3:
        return f"{count / 1e3:.0f} kB"
    if count < 999.5e6:
        return f"{count / 1e6:.0f} MB"
    return f"{count / 1e9:.2f} GB" if count < 9.995e9 else f"{count / 1e9:.1f} GB"


def format_memory(count: float | None) -> str:
    """Write memory in gigabytes with two digits, so that models compare at a glance."""
    if count is None:
        return NOT_AVAILABLE
    return f"{count / 1e9:.2f} GB" if count < 9.995e9 else f"{count / 1e9:.1f} GB"


def format_speed(tokens_per_s: float | None) -> str:
    """Write a speed: ``134 tokens/s``, below ten with one digit after the point."""
    if tokens_per_s is None:
        return NOT_AVAILABLE
    return f"{format_rate(tokens_per_s)} tokens/s"


def format_rate(tokens_per_s: float) -> str:
    """Write the number of `format_speed` alone."""
    return f"{tokens_per_s:.1f}" if tokens_per_s < 9.95 else f"{tokens_per_s:,.0f}"


def format_seconds(seconds: float | None) -> str:
    """Write a short time: ``0.05 s``, ``12.4 s``, ``3 min 20 s``."""
    if seconds is None:
        return NOT_AVAILABLE
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def format_count(count: int) -> str:
    """Write a whole number with separators: ``4,096``."""
    return f"{count:,}"


def format_parameters(count: int) -> str:
    """Write a number of parameters: ``135M``, ``1.2B``, ``8B``."""
    if count <= 0:
        return ""
    value, unit = (count / 1e9, "B") if count >= 999.5e6 else (count / 1e6, "M")
    return f"{value:.0f}{unit}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0") + unit
