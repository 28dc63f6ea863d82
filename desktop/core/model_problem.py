"""Why a file cannot be used as a chat model, in words, found without running native code."""

import re
from dataclasses import dataclass

from desktop.core.errors import Problem
from desktop.core.gguf_header import MAGIC, GgufError, GgufFault, GgufHeader
from desktop.core.quantization import tensor_bytes
from desktop.core.text_format import format_bytes

START_BYTES = 512
"""How much of a file `problem_of_start` wants to see."""

_DOWNLOAD_AGAIN = "Download the model again."
_CHOOSE_GGUF = "Choose a file in the GGUF format."
_CHOOSE_CHAT = "Choose a model made for chat."
_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)
_ENCODERS = frozenset(
    {
        "bert",
        "eurobert",
        "gemma-embedding",
        "jina-bert-v2",
        "jina-bert-v3",
        "llama-embed",
        "modern-bert",
        "neo-bert",
        "nomic-bert",
        "nomic-bert-moe",
        "t5encoder",
        "wavtokenizer-dec",
    }
)


@dataclass(frozen=True, slots=True)
class SplitPart:
    """The place of a file in a model that was split into several files."""

    stem: str
    number: int
    count: int

    def name_of(self, number: int) -> str:
        """Return the file name of another part."""
        return f"{self.stem}-{number:05d}-of-{self.count:05d}.gguf"


def split_part(file_name: str) -> SplitPart | None:
    """Read the place of a split part from its name; None for a file that is whole."""
    match = _PART.fullmatch(file_name)
    if match is None:
        return None
    part = SplitPart(match["stem"], int(match["number"]), int(match["count"]))
    return part if 1 <= part.number <= part.count else None


def missing_file(file_name: str) -> Problem:
    """Tell that there is no such file."""
    return Problem(
        "The file is missing",
        f"{file_name} is no longer where it was, or was never there.",
        "Locate it, put it back, or take the model off the list.",
    )


def another_model(file_name: str, wanted: str) -> Problem:
    """Tell that a file is not the one that is looked for."""
    return Problem(
        "This is another model",
        f"{file_name} does not hold what {wanted} did.",
        "Choose the file that was moved, or add this one as a model of its own.",
    )


def changed_file(file_name: str) -> Problem:
    """Tell that the file is not what it was or should be."""
    return Problem(
        "The file has changed or is damaged",
        f"The SHA-256 of {file_name} is not the one that was expected.",
        _DOWNLOAD_AGAIN,
    )


def directory_in_place_of_file(file_name: str) -> Problem:
    """Tell that a folder was given."""
    return Problem(
        "This is a folder, not a model",
        f"{file_name} is a folder; a model is a file that ends in .gguf.",
        "Choose a file inside it.",
    )


def unreadable_file(file_name: str, reason: str) -> Problem:
    """Tell that the system refuses to read the file."""
    return Problem(
        "The file cannot be read",
        f"The system refused to open {file_name}: {reason}.",
        "Check the file's permissions and its disk.",
    )


def unreadable_name(file_name: str) -> Problem:
    """Tell that the file's name is not text."""
    shown = file_name.encode(errors="replace").decode()
    return Problem(
        "The name of the file cannot be read",
        f"The name {shown} contains bytes that are no letters.",
        "Rename the file.",
    )


def missing_parts(part: SplitPart, missing: tuple[int, ...]) -> Problem:
    """Tell which parts of a split model are not beside the others."""
    names = ", ".join(part.name_of(number) for number in missing[:5])
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return Problem(
        "Parts of this model are missing",
        f"The model consists of {part.count} files. Missing: {names}{more}.",
        "Put all parts into the same folder.",
    )


def not_the_first_part(part: SplitPart) -> Problem:
    """Tell that a model is opened by its first part."""
    return Problem(
        "This is not the first part",
        f"This is part {part.number} of {part.count} of a split model.",
        f"Choose {part.name_of(1)} instead.",
    )


def problem_of_start(start: bytes, file_name: str) -> Problem | None:
    """Judge a file by its first START_BYTES; None if it begins as a GGUF file does."""
    if start.startswith(MAGIC):
        return None
    if not start:
        return Problem(
            "The file is empty",
            f"{file_name} has no content. Its download was probably broken off.",
            _DOWNLOAD_AGAIN,
        )
    if start.startswith(b"version https://git-lfs"):
        return Problem(
            "This is a Git LFS pointer, not a model",
            f"{file_name} only says where the model is stored; the model itself was not fetched.",
            "Run git lfs pull in its folder, or download the file itself.",
        )
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        return Problem(
            "This is a web page, not a model",
            f"{file_name} holds HTML. A sign-in or error page was probably saved in its place.",
            _DOWNLOAD_AGAIN,
        )
    return _problem_of_other_format(start, file_name)


def problem_of_error(error: GgufError, file_name: str) -> Problem:
    """Put the failure to read a header into words."""
    match error.fault:
        case GgufFault.TRUNCATED:
            return Problem(
                "The file is incomplete", f"{file_name} ends inside its header.", _DOWNLOAD_AGAIN
            )
        case GgufFault.BIG_ENDIAN:
            return Problem(
                "This model is for another kind of machine",
                f"{file_name} is written for big-endian machines.",
                "Get the little-endian version of the model.",
            )
        case GgufFault.VERSION:
            return Problem(
                "The version of this file is not supported",
                f"{error} Versions 2 and 3 are supported.",
                "Get a newer conversion of the model.",
            )
        case GgufFault.NOT_GGUF | GgufFault.MALFORMED:
            return Problem("The file is damaged", str(error), _DOWNLOAD_AGAIN)


def problem_of_data(header: GgufHeader, file_bytes: int, file_name: str) -> Problem | None:
    """Check that the tensor data ends inside the file."""
    ends = (tensor.offset_bytes + tensor_bytes(tensor) for tensor in header.tensors)
    needed_bytes = header.data_start_bytes + max(ends, default=0)
    missing_bytes = needed_bytes - file_bytes
    if not header.tensors or missing_bytes <= 0:
        return None
    return Problem(
        "The file is incomplete",
        f"{file_name} should have {format_bytes(needed_bytes)}; "
        f"the last {format_bytes(missing_bytes)} are missing.",
        _DOWNLOAD_AGAIN,
    )


def problem_of_kind(header: GgufHeader) -> Problem | None:
    """Check that the file holds a model that can chat."""
    architecture = header.text("general.architecture")
    if not architecture:
        return Problem(
            "The file is damaged", "Its header does not say what it holds.", _DOWNLOAD_AGAIN
        )
    if architecture == "clip":
        return Problem(
            "This is a vision projector, not a model",
            "It lets a model see pictures, and is of use only beside that model.",
            _CHOOSE_CHAT,
        )
    if header.text("general.type") in {"adapter", "imatrix"}:
        return Problem(
            f"This is an {header.text('general.type')}, not a model",
            "It is made for use with another model, and holds none itself.",
            _CHOOSE_CHAT,
        )
    if not header.tensors:
        return Problem(
            "The file holds a vocabulary only",
            "It lists words but has no weights, as files for tests do.",
            _CHOOSE_CHAT,
        )
    if architecture in _ENCODERS or header.integer(f"{architecture}.pooling_type"):
        return Problem(
            "This model cannot chat",
            "It turns text into numbers, for search and for sorting, and does not write.",
            _CHOOSE_CHAT,
        )
    return None


def _problem_of_other_format(start: bytes, file_name: str) -> Problem:
    if start.startswith(b"PK\x03\x04"):
        kind = "a ZIP archive or a PyTorch file"
    elif start[8:9] == b"{" and start[5:8] == b"\0\0\0":
        kind = "a safetensors file"
    elif start[:4] in {b"ggml", b"ggjt", b"ggla", b"lmgg", b"tjgg", b"algg", b"fmgg", b"ggmf"}:
        kind = "written in a format older than GGUF"
    elif start.startswith(b"FUGG"):
        kind = "written for big-endian machines"
    else:
        kind = "in some other format"
    return Problem("This is not a GGUF file", f"{file_name} is {kind}.", _CHOOSE_GGUF)
