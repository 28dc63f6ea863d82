"""Messages of the worker that talks to the Hugging Face Hub."""

from desktop.core.hub_model import HubAccess, HubPage, HubQuery, HubRefusal, HubRepository
from desktop.wire.message import Failed, Message


class SearchHub(Message, frozen=True, tag=True):
    """Search the Hub; answered by HubSearched or HubRefused."""

    query: HubQuery


class OpenRepository(Message, frozen=True, tag=True):
    """List the files of a repository; answered by RepositoryOpened or HubRefused."""

    repo: str


class SaveAccessToken(Message, frozen=True, tag=True):
    """Check an access token and keep it in huggingface_hub's own file; answered by AccessChecked.

    An empty one forgets the token that is kept.
    """

    access_token: str


class CheckAccess(Message, frozen=True, tag=True):
    """Tell whether a token is kept and whose it is; answered by AccessChecked or HubRefused."""


class HubSearched(Message, frozen=True, tag=True):
    """One page of a search."""

    page: HubPage


class RepositoryOpened(Message, frozen=True, tag=True):
    """A repository and its files."""

    repository: HubRepository


class AccessChecked(Message, frozen=True, tag=True):
    """Who the Hub takes the user for."""

    access: HubAccess


class HubRefused(Message, frozen=True, tag=True):
    """The Hub, or the way to it, refused; the worker lives on unless it was a download."""

    refusal: HubRefusal


HubRequest = SearchHub | OpenRepository | SaveAccessToken | CheckAccess

HubEvent = HubSearched | RepositoryOpened | AccessChecked | HubRefused | Failed
