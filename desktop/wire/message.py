"""What all messages have in common, and those that every worker knows.

A request goes to a worker, an event comes from it. Each is one JSON line, tagged with its type.
"""

import msgspec

from desktop.core.errors import Problem


class Message(msgspec.Struct, frozen=True, tag_field="type", forbid_unknown_fields=True):
    """Tagged with the class name."""


class Cancel(Message, frozen=True, tag=True):
    """Give up the load or the answer under way; harmless when there is none."""


class Failed(Message, frozen=True, tag=True):
    """The request failed; the worker lives on."""

    problem: Problem


class Heartbeat(Message, frozen=True, tag=True):
    """The worker is alive; sent while it works on a request and says nothing else for 250 ms."""
