"""What goes wrong in the campaign of faults: each kind of fault with chance in its details."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from hub_server import Faults, Port, Refusal

HOSTILE_ETAGS = ("../../../evil", "..\\evil", "", "0" * 63, "G" * 64, "a" * 64, "/etc/passwd")
HOSTILE_NAMES = (
    "../evil.gguf",
    "../../evil.gguf",
    "a/../../evil.gguf",
    "/etc/evil.gguf",
    "..\\evil.gguf",
    "C:\\evil.gguf",
    "evil.gguf\0",
    ".evil.gguf",
    "con.gguf",
    "evil" * 80 + ".gguf",
    "evil.sh",
    "evil\n.gguf",
)


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes:
        make: Makes one, for a file of the given size.
        starts_over: Whether the file cannot but be fetched again from the start.
        spoils_answers: Whether every answer has to be broken off, as it is none to the question.
    """

    make: Callable[[Random, int], Faults]
    starts_over: bool = False
    spoils_answers: bool = False


def _drop(dice: Random, size: int) -> Faults:
    return Faults(drop_after_bytes=dice.randrange(size), drop_times=dice.randint(1, 6))


def _stall(dice: Random, size: int) -> Faults:
    return Faults(stall_after_bytes=dice.randrange(size), stall_times=dice.randint(1, 3))


def _corrupt(dice: Random, size: int) -> Faults:
    return Faults(corrupt_at=dice.randrange(size), corrupt_times=dice.randint(1, 2))


def _corrupt_and_drop(dice: Random, size: int) -> Faults:
    return Faults(
        corrupt_at=dice.randrange(size),
        corrupt_times=1,
        drop_after_bytes=dice.randrange(size),
        drop_times=2,
    )


def _wrong_size(dice: Random, size: int) -> Faults:
    return Faults(linked_size=dice.choice([0, 1, size - 1, size + 1, 1 << 50]))


def _other_etag_at_the_cdn(dice: Random, _size: int) -> Faults:
    return Faults(cdn_etag=dice.choice(["another", 'W/"weak"', ""]), drop_after_bytes=200_000)


def _hostile_etag(dice: Random, _size: int) -> Faults:
    return Faults(etag=dice.choice(HOSTILE_ETAGS))


def _ignored_range(dice: Random, size: int) -> Faults:
    times = dice.randint(0, 2)
    return Faults(ignores_range=True, drop_after_bytes=dice.randrange(size), drop_times=times)


def _shifted_range(dice: Random, _size: int) -> Faults:
    return Faults(range_shift_bytes=dice.choice([1, 4096, 100_000]))


def _refused_range(dice: Random, size: int) -> Faults:
    times = dice.randint(1, 3)
    return Faults(refuses_ranges_times=times, drop_after_bytes=dice.randrange(size), drop_times=1)


def _too_many_requests(dice: Random, _size: int) -> Faults:
    wait = {"Retry-After": dice.choice(["0", "1", "3600"])}
    where = dice.choice([Port.CDN, Port.HUB])
    return Faults(refusal=Refusal(429, headers=wait, times=dice.randint(1, 2), where=where))


def _server_error(dice: Random, _size: int) -> Faults:
    status = dice.choice([500, 502, 503, 504, 520])
    return Faults(
        refusal=Refusal(status, times=dice.randint(1, 8), where=dice.choice([*Port, None]))
    )


def _expired_link(dice: Random, size: int) -> Faults:
    return Faults(link_uses=dice.randint(1, 3), drop_after_bytes=dice.randrange(size), drop_times=4)


def _sign_in_page(_dice: Random, _size: int) -> Faults:
    return Faults(is_portal=True)


def _missing_header(dice: Random, _size: int) -> Faults:
    names = ["etag", "content-range", "content-length", "x-repo-commit", "location"]
    return Faults(omitted_headers=frozenset({dice.choice(names), "x-linked-etag"}))


KINDS = {
    "drop": Kind(_drop),
    "stall": Kind(_stall),
    "corrupt": Kind(_corrupt, starts_over=True),
    "corrupt and drop": Kind(_corrupt_and_drop, starts_over=True),
    "wrong size": Kind(_wrong_size),
    "changed ETag": Kind(_other_etag_at_the_cdn, starts_over=True),
    "hostile ETag": Kind(_hostile_etag),
    "ignored Range": Kind(_ignored_range, starts_over=True),
    "shifted Range": Kind(_shifted_range, spoils_answers=True),
    "416": Kind(_refused_range, starts_over=True),
    "429": Kind(_too_many_requests),
    "5xx": Kind(_server_error),
    "403 expired": Kind(_expired_link),
    "sign-in page": Kind(_sign_in_page),
    "missing header": Kind(_missing_header, spoils_answers=True),
}
