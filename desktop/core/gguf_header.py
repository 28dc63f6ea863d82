"""A reader for the header of a GGUF file that believes no length it has not checked."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import BinaryIO

MAGIC = b"GGUF"
VERSIONS = (2, 3)
DEFAULT_ALIGNMENT_BYTES = 32

# Several times what the largest published models use.
MAX_KEYS = 16_384
MAX_TENSORS = 262_144
MAX_DIMENSIONS = 4
MAX_TENSOR_ELEMENTS = 1 << 48
MAX_ARRAY_ITEMS = 1 << 24
MAX_NAME_BYTES = 65_535
MAX_TEXT_BYTES = 1 << 24
MAX_ALIGNMENT_BYTES = 1 << 20
MAX_HEADER_BYTES = 1 << 28

KEPT_ARRAY_ITEMS = 1024
"""Arrays up to this length are kept; longer ones hold a vocabulary, of which the count will do."""

_FIRST_WINDOW_BYTES = 4096
_LAST_WINDOW_BYTES = 1 << 20
_VOCABULARY_KEY = "tokenizer.ggml.tokens"


class GgufFault(Enum):
    """What kind of fault a header has."""

    NOT_GGUF = "not a GGUF file"
    BIG_ENDIAN = "written for big-endian machines"
    VERSION = "unsupported version"
    TRUNCATED = "ends too early"
    MALFORMED = "malformed"


class GgufError(ValueError):
    """A header that cannot be read; the text is the reason, in words."""

    def __init__(self, fault: GgufFault, reason: str) -> None:
        self.fault = fault
        super().__init__(reason)


class GgufType(IntEnum):
    """Types of values, with the numbers of the format."""

    UINT8 = 0
    INT8 = 1
    UINT16 = 2
    INT16 = 3
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9
    UINT64 = 10
    INT64 = 11
    FLOAT64 = 12


GgufScalar = bool | int | float | str


@dataclass(frozen=True, slots=True)
class GgufArray:
    """An array of scalars; `items` is empty when it has more than KEPT_ARRAY_ITEMS."""

    item_type: GgufType
    count: int
    items: tuple[GgufScalar, ...]


GgufValue = GgufScalar | GgufArray


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """Where a tensor lies: `offset_bytes` counts from the start of the tensor data."""

    name: str
    shape: tuple[int, ...]
    type_id: int
    offset_bytes: int

    @property
    def elements(self) -> int:
        """Number of weights."""
        product = 1
        for size in self.shape:
            product *= size
        return product


@dataclass(frozen=True, slots=True)
class GgufListing:
    """The keys of a header; those after the vocabulary are missing if only the start was read."""

    version: int
    tensor_count: int
    values: Mapping[str, GgufValue]

    def text(self, key: str) -> str:
        """Return a string, or an empty one if there is none."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def integer(self, key: str, default: int = 0) -> int:
        """Return a whole number that is not negative, or the default."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            return default
        return value

    def integers(self, key: str) -> tuple[int, ...]:
        """Return the whole numbers of an array, or the one of a scalar; empty if there is none."""
        value = self.values.get(key)
        if isinstance(value, GgufArray):
            return tuple(item for item in value.items if isinstance(item, int) and item >= 0)
        return (self.integer(key),) if key in self.values else ()

    def count(self, key: str) -> int:
        """Return the number of items of an array; 0 if there is none."""
        value = self.values.get(key)
        return value.count if isinstance(value, GgufArray) else 0


@dataclass(frozen=True, slots=True)
class GgufHeader(GgufListing):
    """A whole header: every key and the list of tensors.

    Attributes:
        tensors: In the order of the file.
        data_start_bytes: Where in the file the tensor data begins.
    """

    tensors: tuple[GgufTensor, ...]
    data_start_bytes: int


def read_listing(stream: BinaryIO) -> GgufListing:
    """Read the keys before the vocabulary: enough for a list, from the first kilobytes.

    Raises:
        GgufError: The stream does not begin with such a header.
    """
    reader = _Reader(stream)
    version, tensor_count, key_count = _read_preamble(reader)
    return GgufListing(version, tensor_count, _read_values(reader, key_count, _VOCABULARY_KEY))


def read_header(stream: BinaryIO) -> GgufHeader:
    """Read all keys and the list of tensors; long arrays are passed over, not kept.

    Raises:
        GgufError: The stream does not begin with such a header.
    """
    reader = _Reader(stream)
    version, tensor_count, key_count = _read_preamble(reader)
    values = _read_values(reader, key_count, stop_key="")
    tensors = tuple(_read_tensor(reader) for _ in range(tensor_count))
    alignment_bytes = _alignment_bytes(values)
    data_start_bytes = -(-reader.offset_bytes // alignment_bytes) * alignment_bytes
    return GgufHeader(version, tensor_count, values, tensors, data_start_bytes)


class _Reader:
    """A window over a stream, grown while it is read on, so that a short look stays short."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._window = b""
        self._position = 0
        self._window_start_bytes = 0
        self._window_bytes = _FIRST_WINDOW_BYTES

    @property
    def offset_bytes(self) -> int:
        """How far the stream was read."""
        return self._window_start_bytes + self._position

    def take(self, count: int) -> bytes:
        """Read exactly `count` bytes."""
        if self._position + count > len(self._window):
            self._fill(count)
        start = self._position
        self._position += count
        return self._window[start : self._position]

    def number(self, form: struct.Struct) -> int:
        """Read one whole number."""
        value: int = form.unpack(self.take(form.size))[0]
        return value

    def skip(self, count: int) -> None:
        """Pass over `count` bytes."""
        beyond = self._position + count - len(self._window)
        if beyond <= 0:
            self._position += count
            return
        # The last byte is read, because a seek past the end would go unnoticed.
        self._stream.seek(beyond - 1, 1)
        self._window_start_bytes += len(self._window) + beyond - 1
        self._window, self._position = b"", 0
        self.take(1)

    def skip_strings(self, count: int) -> None:
        """Pass over `count` strings."""
        while count:
            count = self._skip_strings_in_window(count)
            if count:
                self.skip(_checked_length(self.number(_UINT64), MAX_TEXT_BYTES, "A string"))
                count -= 1

    def _skip_strings_in_window(self, count: int) -> int:
        # A vocabulary has a quarter of a million entries: this loop is the time of a full read.
        window, position = self._window, self._position
        last = len(window) - _UINT64.size
        unpack = _UINT64.unpack_from
        while count and position <= last:
            following = position + 8 + unpack(window, position)[0]
            if following > len(window):
                break
            position = following
            count -= 1
        self._position = position
        return count

    def _fill(self, count: int) -> None:
        rest = self._window[self._position :]
        wanted = max(count - len(rest), self._window_bytes)
        self._window_bytes = min(self._window_bytes * 4, _LAST_WINDOW_BYTES)
        self._window_start_bytes += self._position
        _checked_length(self._window_start_bytes + count, MAX_HEADER_BYTES, "The header")
        self._window = rest + self._stream.read(wanted)
        self._position = 0
        if len(self._window) < count:
            raise GgufError(GgufFault.TRUNCATED, "The file ends inside its header.")


_UINT32 = struct.Struct("<I")
_UINT64 = struct.Struct("<Q")
_SCALARS = {
    GgufType.UINT8: struct.Struct("<B"),
    GgufType.INT8: struct.Struct("<b"),
    GgufType.UINT16: struct.Struct("<H"),
    GgufType.INT16: struct.Struct("<h"),
    GgufType.UINT32: _UINT32,
    GgufType.INT32: struct.Struct("<i"),
    GgufType.FLOAT32: struct.Struct("<f"),
    GgufType.BOOL: struct.Struct("<?"),
    GgufType.UINT64: _UINT64,
    GgufType.INT64: struct.Struct("<q"),
    GgufType.FLOAT64: struct.Struct("<d"),
}


def _malformed(reason: str) -> GgufError:
    return GgufError(GgufFault.MALFORMED, reason)


def _checked_length(length: int, limit: int, what: str) -> int:
    if length > limit:
        raise _malformed(f"{what} has a length of {length:,}; at most {limit:,} is believable.")
    return length


def _read_preamble(reader: _Reader) -> tuple[int, int, int]:
    magic = reader.take(4)
    if magic != MAGIC:
        raise GgufError(GgufFault.NOT_GGUF, "The file does not begin with the letters GGUF.")
    version = reader.number(_UINT32)
    if version not in VERSIONS:
        # A small number with its bytes reversed has its low half empty.
        if version and not version & 0xFFFF:
            raise GgufError(GgufFault.BIG_ENDIAN, "The file is written for big-endian machines.")
        raise GgufError(GgufFault.VERSION, f"The file has version {version} of the GGUF format.")
    tensor_count = _checked_length(reader.number(_UINT64), MAX_TENSORS, "The list of tensors")
    key_count = _checked_length(reader.number(_UINT64), MAX_KEYS, "The list of keys")
    return version, tensor_count, key_count


def _read_values(reader: _Reader, key_count: int, stop_key: str) -> dict[str, GgufValue]:
    values: dict[str, GgufValue] = {}
    for _ in range(key_count):
        key = _read_string(reader, MAX_NAME_BYTES)
        if key == stop_key:
            break
        if key in values:
            raise _malformed(f"The key {key[:80]!r} appears twice.")
        values[key] = _read_value(reader, _read_type(reader))
    return values


def _read_string(reader: _Reader, limit: int) -> str:
    length = _checked_length(reader.number(_UINT64), limit, "A string")
    # Some published vocabularies and licences hold bytes that are no text.
    return reader.take(length).decode("utf-8", "replace")


def _read_type(reader: _Reader) -> GgufType:
    number = reader.number(_UINT32)
    try:
        return GgufType(number)
    except ValueError:
        raise _malformed(f"A value has the unknown type {number}.") from None


def _read_value(reader: _Reader, value_type: GgufType) -> GgufValue:
    if value_type is GgufType.ARRAY:
        return _read_array(reader)
    return _read_scalar(reader, value_type)


def _read_scalar(reader: _Reader, value_type: GgufType) -> GgufScalar:
    if value_type is GgufType.STRING:
        return _read_string(reader, MAX_TEXT_BYTES)
    form = _SCALARS[value_type]
    value: bool | int | float = form.unpack(reader.take(form.size))[0]
    return value


def _read_array(reader: _Reader) -> GgufArray:
    item_type = _read_type(reader)
    if item_type is GgufType.ARRAY:
        raise _malformed("An array holds arrays, which no model uses.")
    count = _checked_length(reader.number(_UINT64), MAX_ARRAY_ITEMS, "An array")
    if count <= KEPT_ARRAY_ITEMS:
        items = tuple(_read_scalar(reader, item_type) for _ in range(count))
        return GgufArray(item_type, count, items)
    if item_type is GgufType.STRING:
        reader.skip_strings(count)
    else:
        reader.skip(count * _SCALARS[item_type].size)
    return GgufArray(item_type, count, ())


def _read_tensor(reader: _Reader) -> GgufTensor:
    name = _read_string(reader, MAX_NAME_BYTES)
    dimension_count = _checked_length(reader.number(_UINT32), MAX_DIMENSIONS, "A tensor's shape")
    shape = tuple(reader.number(_UINT64) for _ in range(dimension_count))
    tensor = GgufTensor(name, shape, reader.number(_UINT32), reader.number(_UINT64))
    _checked_length(tensor.elements, MAX_TENSOR_ELEMENTS, "A tensor")
    return tensor


def _alignment_bytes(values: Mapping[str, GgufValue]) -> int:
    alignment = values.get("general.alignment", DEFAULT_ALIGNMENT_BYTES)
    if not isinstance(alignment, int) or not 0 < alignment <= MAX_ALIGNMENT_BYTES:
        raise _malformed("The alignment of the tensor data makes no sense.")
    return alignment
