"""Huge pages for huge allocations: Linux gives them to a program that asked before it started.

A token reads every weight once. In pages of 4 KiB the processor looks up tens of thousands of
addresses for it, in pages of 2 MiB a few dozen, which makes decoding about a tenth faster.
"""

import os
import sys
from pathlib import Path

_VARIABLE = "GLIBC_TUNABLES"
_TUNABLE = "glibc.malloc.hugetlb=1"
_POLICY = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def huge_page_variables() -> dict[str, str]:
    """Return the environment that a process needs from its start; empty where none helps."""
    if sys.platform != "linux" or "[madvise]" not in _policy() or uses_huge_pages():
        return {}
    tunables = [part for part in os.environ.get(_VARIABLE, "").split(":") if part]
    return {_VARIABLE: ":".join([*tunables, _TUNABLE])}


def uses_huge_pages() -> bool:
    """Tell whether large allocations of this process are made of huge pages."""
    policy = _policy()
    if "[always]" in policy:
        return True
    return "[madvise]" in policy and _TUNABLE in os.environ.get(_VARIABLE, "").split(":")


def _policy() -> str:
    try:
        return _POLICY.read_text(encoding="ascii")
    except OSError:
        return ""
