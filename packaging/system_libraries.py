"""The libraries and tools that must come from the system, and installing them on Debian."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from watched_process import SetupError, WatchedCommand, run_watched

# Debian's name of the package, and what to look for.
TOOLS = {
    "gcc": "gcc",
    "g++": "g++",
    "cmake": "cmake",
    "ninja-build": "ninja",
}
LIBRARIES = {
    "libgl1": "libGL.so.1",
    "libegl1": "libEGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libwayland-client0": "libwayland-client.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libwayland-egl1": "libwayland-egl.so.1",
}
PACKAGE_LISTS = Path("/var/lib/apt/lists")
UPDATE_TITLE = "Updating the package lists"
VIRTUAL_SCREEN_TOOLS = {"xvfb": "xvfb-run", "xauth": "xauth"}


def ensure(*, virtual_screen: bool) -> None:
    """Install what is missing; raises SetupError with the line to type if that is not allowed.

    Does nothing on Windows and macOS, where Qt brings what it needs.
    """
    if sys.platform != "linux":
        return
    packages = missing_packages(virtual_screen=virtual_screen)
    if not packages:
        return
    if not shutil.which("apt-get"):
        names = ", ".join(packages)
        raise SetupError(f"Please install what these Debian packages hold, then retry: {names}")
    _install(packages)
    if still_missing := missing_packages(virtual_screen=virtual_screen):
        raise SetupError(f"apt-get ended well, yet these are missing: {', '.join(still_missing)}")


def missing_packages(*, virtual_screen: bool) -> list[str]:
    """Return the Debian packages that this machine lacks."""
    tools = TOOLS | (VIRTUAL_SCREEN_TOOLS if virtual_screen else {})
    known = _known_libraries()
    missing = [package for package, program in tools.items() if not shutil.which(program)]
    missing += [package for package, soname in LIBRARIES.items() if soname not in known]
    # Debian splits what `python3 -m venv` needs from the interpreter.
    if not importlib.util.find_spec("ensurepip"):
        missing.append("python3-venv")
    return missing


def _known_libraries() -> set[str]:
    # The folder of ldconfig is not on the path of an ordinary user of Debian.
    ldconfig = shutil.which("ldconfig") or "/sbin/ldconfig"
    listing = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    return {line.split()[0] for line in listing.splitlines() if "=>" in line}


def _install(packages: list[str]) -> None:
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    prefix = _root_prefix()
    if prefix is None:
        line = f"sudo apt-get update && sudo {' '.join(install)}"
        raise SetupError(f"Some system packages are missing. Please type this, then retry:\n{line}")
    title = f"Installing {len(packages)} system packages"
    if not any(PACKAGE_LISTS.glob("*_Packages*")):
        _apt(UPDATE_TITLE, [*prefix, "apt-get", "update"])
    try:
        _apt(title, [*prefix, *install])
    except SetupError:
        # The lists of a long unused machine name files that are gone.
        _apt(UPDATE_TITLE, [*prefix, "apt-get", "update"])
        _apt(title, [*prefix, *install])


def _apt(title: str, arguments: list[str]) -> None:
    run_watched(WatchedCommand(title, arguments, "reading the package lists", _describe_apt))


def _root_prefix() -> list[str] | None:
    """Return what makes a command run as root; None if nothing does."""
    unattended = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return unattended
    if not shutil.which("sudo"):
        return None
    # At a terminal sudo may ask for the password, elsewhere it must not wait for one.
    ask = ["sudo", "-v"] if sys.stdin.isatty() else ["sudo", "-n", "true"]
    errors = None if sys.stdin.isatty() else subprocess.DEVNULL
    if subprocess.run(ask, stderr=errors, check=False).returncode != 0:
        return None
    return ["sudo", "-n", *unattended]


def _describe_apt(line: str) -> str | None:
    words = line.split()
    if line.startswith("Get:") and len(words) > 4:
        return f"downloading {words[4]}"
    if line.startswith("Unpacking"):
        return f"unpacking {words[1]}"
    return f"setting up {words[2]}" if line.startswith("Setting up") else None
