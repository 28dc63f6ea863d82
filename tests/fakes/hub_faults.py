"""What can go wrong between a client and the Hub, as knobs of the `HubServer`."""

from dataclasses import dataclass, field
from enum import Enum

FOREVER = 1_000_000_000
"""For knobs that count down: so often that it never ends."""


class Port(Enum):
    """The two origins of a `HubServer`."""

    HUB = "hub"
    CDN = "cdn"


@dataclass
class Refusal:
    """An error in place of the right answer, for the next `times` requests.

    Attributes:
        code: For the header X-Error-Code.
        message: For the header X-Error-Message.
        headers: More headers, such as Retry-After.
        where: Only on this port; None for both.
    """

    status: int
    code: str = ""
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    where: Port | None = None


@dataclass
class Faults:
    """What goes wrong; may be changed at any time. Numbers that end in `times` count down.

    Attributes:
        drop_after_bytes: The connection ends when so much of a body was sent.
        stall_after_bytes: Nothing more comes when so much of a body was sent.
        bytes_per_s: Speed of each connection.
        corrupt_at: Offset in the file of a byte that is sent wrong.
        linked_size: X-Linked-Size says this.
        etag: What the Hub says in place of the SHA-256, such as ``../../../X``.
        cdn_etag: What the CDN says in place of the SHA-256.
        omitted_headers: Headers that are never sent, in small letters.
        ignores_range: A range is answered by the whole file and 200.
        range_shift_bytes: A range is answered by one that begins so much later.
        refuses_ranges_times: A range is answered by 416.
        refusal: An error, see `Refusal`.
        link_uses: A signed link answers so many requests, then 403; a new one works again.
        is_portal: Every request is answered by the sign-in page of a network.
        is_silent: No request is answered as long as this is so.
        redirect: The address that the Hub sends for files, in place of the CDN's.
    """

    drop_after_bytes: int | None = None
    drop_times: int = FOREVER
    stall_after_bytes: int | None = None
    stall_times: int = FOREVER
    bytes_per_s: int | None = None
    corrupt_at: int | None = None
    corrupt_times: int = FOREVER
    linked_size: int | None = None
    etag: str | None = None
    cdn_etag: str | None = None
    omitted_headers: frozenset[str] = frozenset()
    ignores_range: bool = False
    range_shift_bytes: int = 0
    refuses_ranges_times: int = 0
    refusal: Refusal | None = None
    link_uses: int | None = None
    is_portal: bool = False
    is_silent: bool = False
    redirect: str = ""
