"""Huge pages are asked for where Linux gives them on request, and nothing else is disturbed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.system import huge_pages
from desktop.system.huge_pages import huge_page_variables, uses_huge_pages

TUNABLE = "glibc.malloc.hugetlb=1"
BLOCK_BYTES = 64 * 1024**2
CHILD = f"""
block = bytearray({BLOCK_BYTES})
fields = dict(line.split(":") for line in open("/proc/self/smaps_rollup").readlines()[1:])
print(int(fields["AnonHugePages"].split()[0]) * 1024)
"""


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write what the kernel says of its policy."""
    file = tmp_path / "enabled"
    monkeypatch.setattr(huge_pages, "_POLICY", file)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    return file.write_text


def test_they_are_asked_for_where_the_kernel_gives_them_on_request(policy):
    policy("always [madvise] never\n")
    assert huge_page_variables() == {"GLIBC_TUNABLES": TUNABLE}
    assert not uses_huge_pages()


def test_tunables_of_the_user_are_kept(policy, monkeypatch):
    policy("always [madvise] never\n")
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=2")
    assert huge_page_variables() == {"GLIBC_TUNABLES": f"glibc.malloc.arena_max=2:{TUNABLE}"}


def test_a_process_that_has_them_asks_no_more(policy, monkeypatch):
    policy("always [madvise] never\n")
    monkeypatch.setenv("GLIBC_TUNABLES", TUNABLE)
    assert huge_page_variables() == {}
    assert uses_huge_pages()


def test_a_kernel_that_gives_them_to_all_need_not_be_asked(policy):
    policy("[always] madvise never\n")
    assert huge_page_variables() == {}
    assert uses_huge_pages()


def test_a_kernel_that_gives_none_is_not_asked(policy):
    policy("always madvise [never]\n")
    assert huge_page_variables() == {}
    assert not uses_huge_pages()


def test_a_kernel_that_says_nothing_is_not_asked(policy):
    assert huge_page_variables() == {}
    assert not uses_huge_pages()


@pytest.mark.skipif(not huge_page_variables(), reason="this system gives none on request")
def test_a_child_that_was_started_with_them_gets_them():
    environment = os.environ | huge_page_variables()
    told = subprocess.run(
        [sys.executable, "-c", CHILD], env=environment, capture_output=True, text=True, check=True
    )
    assert int(told.stdout) > BLOCK_BYTES / 2
