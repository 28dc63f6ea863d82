"""The process that talks to the Hub's API, so that no window waits for a network."""

from desktop.core.hub_model import HubAccess
from desktop.hub.api import access, forget_token, open_repository, save_token, search
from desktop.hub.fault import HubError
from desktop.wire.hub_messages import (
    AccessChecked,
    CheckAccess,
    HubEvent,
    HubRefused,
    HubSearched,
    OpenRepository,
    RepositoryOpened,
    SaveAccessToken,
    SearchHub,
)
from desktop.wire.messages import Request
from desktop.workers.runtime import Send, run_worker


class HubRole:
    """Carries out requests about the Hub; each ends by itself when the network does not answer."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def handle(self, request: Request) -> None:
        """Carry out one request; exactly one event answers it."""
        try:
            self._send(self._answer(request))
        except HubError as error:
            self._send(HubRefused(error.refusal))

    def cancel(self) -> None:
        """Go on: what is no longer wanted is dropped by the window's process."""

    def forget_cancel(self) -> None:
        """There is none to forget."""

    def _answer(self, request: Request) -> HubEvent:
        match request:
            case SearchHub(query=query):
                return HubSearched(search(query))
            case OpenRepository(repo=repo):
                return RepositoryOpened(open_repository(repo))
            case SaveAccessToken(access_token=access_token):
                return AccessChecked(_keep(access_token))
            case CheckAccess():
                return AccessChecked(access())
            case _:
                raise ValueError(f"not for the Hub: {type(request).__name__}")


def _keep(access_token: str) -> HubAccess:
    return save_token(access_token) if access_token else forget_token()


def main() -> None:
    """Run the process."""
    run_worker(HubRole)
