"""A message and its JSON line."""

from functools import cache
from typing import TYPE_CHECKING, TypeVar

import msgspec

from desktop.wire.message import Message

if TYPE_CHECKING:
    from desktop.wire.messages import Event, Request

_encoder = msgspec.json.Encoder()
_Decoded = TypeVar("_Decoded")


class WireError(ValueError):
    """A line that is not a message of the protocol."""


def encode(message: Message) -> bytes:
    """Return the message as one line, newline included."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> "Request":
    """Read a request; raises WireError for anything else."""
    return _decode(_request_decoder(), line)


def decode_event(line: bytes) -> "Event":
    """Read an event; raises WireError for anything else."""
    return _decode(_event_decoder(), line)


# All messages together take a while to import; the window is painted before the first one comes.
@cache
def _request_decoder() -> "msgspec.json.Decoder[Request]":
    from desktop.wire.messages import Request  # noqa: PLC0415

    return msgspec.json.Decoder(Request)


@cache
def _event_decoder() -> "msgspec.json.Decoder[Event]":
    from desktop.wire.messages import Event  # noqa: PLC0415

    return msgspec.json.Decoder(Event)


def _decode(decoder: "msgspec.json.Decoder[_Decoded]", line: bytes) -> _Decoded:
    try:
        return decoder.decode(line)
    except msgspec.MsgspecError as error:
        raise WireError(f"{error}: {line[:200]!r}") from error
