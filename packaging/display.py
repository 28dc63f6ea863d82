"""Whether a window can be opened here, found out without starting Qt."""

import ctypes
import os
import sys

SCREEN_PLATFORMS = ("", "xcb", "wayland")


def can_open_window() -> bool:
    """Tell whether Qt will find a screen.

    Qt ends the process when it finds none, so the question has to be asked before.
    """
    if sys.platform != "linux":
        return True
    # Platforms such as offscreen and vnc need no screen.
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] not in SCREEN_PLATFORMS:
        return True
    return _wayland_answers() or _x11_answers()


def _x11_answers() -> bool:
    """Connect as Qt would, with the same library, address and authority."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    # A failed connection is an object as well, and has to be given back in the same way.
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed


def _wayland_answers() -> bool:
    if not os.environ.get("WAYLAND_DISPLAY"):
        return False
    try:
        wayland = ctypes.CDLL("libwayland-client.so.0")
    except OSError:
        return False
    wayland.wl_display_connect.restype = ctypes.c_void_p
    wayland.wl_display_connect.argtypes = [ctypes.c_char_p]
    wayland.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    connection = wayland.wl_display_connect(None)
    if not connection:
        return False
    wayland.wl_display_disconnect(connection)
    return True
