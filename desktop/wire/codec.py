"""A message and its JSON line."""

from typing import TypeVar

import msgspec

from desktop.wire.messages import Event, Request

_encoder = msgspec.json.Encoder()
_request_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_event_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


_Message = TypeVar("_Message")


class WireError(ValueError):
    """A line that is not a message of the protocol."""


def encode(message: Request | Event) -> bytes:
    """Return the message as one line, newline included."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """Read a request; raises WireError for anything else."""
    return _decode(_request_decoder, line)


def decode_event(line: bytes) -> Event:
    """Read an event; raises WireError for anything else."""
    return _decode(_event_decoder, line)


def _decode(decoder: msgspec.json.Decoder[_Message], line: bytes) -> _Message:
    try:
        return decoder.decode(line)
    except msgspec.MsgspecError as error:
        raise WireError(f"{error}: {line[:200]!r}") from error
