"""A flag that stops llama.cpp in the middle of a computation, from any thread."""

import ctypes
import sys

import llama_cpp

_c_library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)


class AbortFlag:
    """Asked by llama.cpp before every node of its graph, hundreds of times a token.

    A Python callback would take the interpreter's lock each time. The C library's `strlen` serves
    instead: of an empty string it is 0, go on; of a string of one character it is 1, stop.
    """

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Stop what is under way."""
        self._text[0] = b"\x01"

    def clear(self) -> None:
        """Forget an earlier stop."""
        self._text[0] = b"\x00"

    @property
    def is_set(self) -> bool:
        """Whether a stop was asked for."""
        return self._text[0] != b"\x00"

    def attach(self, context: llama_cpp.llama_context_p) -> None:
        """Let the computations of a context be stopped; the flag must outlive the context."""
        callback = ctypes.cast(_c_library.strlen, llama_cpp.ggml_abort_callback)
        pointer = ctypes.cast(self._text, ctypes.c_void_p)
        llama_cpp.llama_set_abort_callback(context, callback, pointer)
