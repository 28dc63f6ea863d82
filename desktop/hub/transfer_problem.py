"""Why a download cannot go on, in words."""

import errno

from desktop.core.errors import AppError, Problem
from desktop.core.hub_model import HubFault, HubRefusal
from desktop.core.text_format import format_bytes
from desktop.hub.fault import HubError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def no_space(needed_bytes: int, free_bytes: int, reserve_bytes: int) -> HubError:
    """Tell how much space has to be made."""
    short_bytes = needed_bytes + reserve_bytes - free_bytes
    return _disk_full(
        f"{format_bytes(needed_bytes)} are still to come and {format_bytes(reserve_bytes)} stay "
        f"free for the system, but only {format_bytes(free_bytes)} are free.",
        f"Free {format_bytes(short_bytes)}, then try again.",
    )


def disk_failed(error: OSError, folder: str) -> AppError:
    """Tell that the disk refuses to take or give what was fetched."""
    if error.errno in _FULL:
        return _disk_full(f"There is no space left on the disk of {folder}.", "Free some space.")
    if error.errno == errno.EFBIG:
        return AppError(
            "The file is larger than the disk allows",
            f"The disk of {folder} cannot hold a file of this size, as FAT32 ends at 4 GB.",
            "Move the models folder to another disk, or choose a smaller file.",
        )
    return AppError(
        "The download cannot be saved",
        f"The system refused to write to {folder}: {error.strerror or error}.",
        "Check the disk and the permissions of the folder, then try again.",
    )


def taken() -> AppError:
    """Tell that another process is at work on the same file."""
    return AppError(
        "This file is being downloaded already",
        "Another window or command of Heft is fetching the same file into the same folder.",
        "Wait for it, or end it there.",
    )


def wrong_hash(file_name: str) -> HubError:
    """Tell that what came is not what the Hub promised."""
    return _refusal(
        HubFault.WRONG_HASH,
        "The download is damaged",
        f"The SHA-256 of {file_name} is not the one that the Hub promises, so it was deleted.",
        "Try again. If it happens again, the network or a mirror changes what you download.",
    )


def changed_on_hub(file_name: str) -> HubError:
    """Tell that the Hub's own account of the file is another one now."""
    return _refusal(
        HubFault.WRONG_HASH,
        "The file has changed on the Hub",
        f"{file_name} is not what it was when you chose it, so it was not fetched.",
        "Open the model again and choose the file anew.",
    )


def link_refused(status: int) -> HubRefusal:
    """Tell that the address that the Hub gave does not lead to the file."""
    return _refusal(
        HubFault.SERVER,
        "The file's server refuses to send it",
        f"The Hub gave an address for it, which answered with error {status}.",
        "Try again in a few minutes.",
    ).refusal


def broken_off() -> HubRefusal:
    """Tell that a connection ended before all was there."""
    return _refusal(
        HubFault.NO_NETWORK,
        "The connection broke off",
        "It ended before everything had come.",
        "Check your network, then try again: the download goes on where it stopped.",
    ).refusal


def stalled(wait_s: float) -> HubRefusal:
    """Tell that a server sent nothing more."""
    return _refusal(
        HubFault.NO_NETWORK,
        "The connection stalled",
        f"Nothing came for {wait_s:.0f} seconds.",
        "Check your network, then try again: the download goes on where it stopped.",
    ).refusal


def not_as_asked(reason: str) -> HubRefusal:
    """Tell that a server sent something other than was asked for."""
    return _refusal(
        HubFault.SERVER,
        "The file's server does not send what was asked for",
        f"{reason[0].upper()}{reason[1:]}.",
        "Try again later, or without a mirror.",
    ).refusal


def _disk_full(detail: str, next_step: str) -> HubError:
    kept = f"{next_step} What has come so far is kept." if "then" not in next_step else next_step
    return _refusal(HubFault.DISK_FULL, "There is not enough space", detail, kept)


def _refusal(fault: HubFault, title: str, detail: str, next_step: str) -> HubError:
    return HubError(HubRefusal(fault, Problem(title, detail, next_step)))
