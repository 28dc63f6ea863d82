"""The way to models whose makers ask for an agreement: the licence, a token, another try."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.hub_environment import DEFAULT_ENDPOINT
from desktop.core.hub_model import HubAccess, HubRefusal
from desktop.ui.discover.token_field import TokenField
from desktop.ui.models.problem_note import ProblemNote
from desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from desktop.ui.widgets.elided_label import ElidedLabel
from desktop.ui.widgets.plain_widgets import styled_button, tall_area, words_label

_COLUMN_PX, _NUMBER_PX = 620, 24
_TOKENS_PAGE = f"{DEFAULT_ENDPOINT}/settings/tokens"
_ABOUT_LICENCE = (
    "Sign in on the Hub and accept the licence of this model there. Some makers read each request "
    "and take their time."
)
_ABOUT_TOKENS = (
    "It tells the Hub that it is you who asks. Make one that may read, and paste it here."
)
_ABOUT_RETRY = "Once the licence is accepted and the token is saved."


class AccessPanel(QWidget):
    """One screen for gated and private repositories.

    Signals:
        token_submitted(object: str): An access token is to be checked and kept.
        token_forgotten(): The token that is kept is to be deleted.
        retry_requested(): What was refused is to be tried again.
        closed(): The user is done here.
        page_requested(object: str): This address is to be opened in the browser.
    """

    token_submitted = Signal(object)
    token_forgotten = Signal()
    retry_requested = Signal()
    closed = Signal()
    page_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._address = DEFAULT_ENDPOINT
        self._back = styled_button("Back", "small")
        self._title = QLabel()
        self._repo = ElidedLabel()
        self._problem = ProblemNote()
        self._licence_page = styled_button("Open the page", "quiet")
        self._licence_address = ElidedLabel()
        self._tokens_page = styled_button("Make a token", "quiet")
        self._token = TokenField()
        self._retry = styled_button("Try again", "primary")
        self._build()
        self._back.clicked.connect(self.closed)
        self._licence_page.clicked.connect(self._on_licence_page_clicked)
        self._tokens_page.clicked.connect(self._on_tokens_page_clicked)
        self._token.submitted.connect(self.token_submitted)
        self._token.forgotten.connect(self.token_forgotten)
        self._retry.clicked.connect(self.retry_requested)
        self.show_repository("")

    @Slot(object)
    def show_repository(self, repo: str) -> None:
        """Show which repository it is about, ``owner/name``; empty for none in particular."""
        self._address = f"{DEFAULT_ENDPOINT}/{repo}" if repo else DEFAULT_ENDPOINT
        self._title.setText("This model asks for an agreement" if repo else "Access to the Hub")
        self._repo.setText(repo)
        self._repo.setVisible(bool(repo))
        self._licence_address.setText(self._address.removeprefix("https://"))
        self._problem.show_problem(None)

    @Slot(object)
    def show_access(self, access: HubAccess) -> None:
        """Show whether a token is kept, and whose."""
        self._token.show_access(access)
        self._problem.show_problem(None)

    @Slot(object)
    def show_refusal(self, refusal: HubRefusal) -> None:
        """Show why the Hub refused."""
        self._token.stop_checking()
        self._problem.show_problem(refusal.problem)

    def token_field(self) -> TokenField:
        """Return where the token is put in."""
        return self._token

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self._title.setProperty("role", "figure")
        self._title.setWordWrap(True)
        self._repo.setProperty("role", "secondary")
        self._repo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._licence_address.setProperty("role", "secondary")
        self._back.setToolTip("Back to the models  (Esc)")
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_XL, SPACE_M, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_S)
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(SPACE_S)
        column.addWidget(self._title)
        column.addWidget(self._repo)
        column.addWidget(self._problem)
        steps = (
            ("Accept the licence", _ABOUT_LICENCE, _row(self._licence_page, self._licence_address)),
            ("Add an access token", _ABOUT_TOKENS, self._token_step()),
            ("Try again", _ABOUT_RETRY, _row(self._retry)),
        )
        for number, (heading, text, controls) in enumerate(steps, start=1):
            column.addSpacing(SPACE_M)
            column.addLayout(_step(number, heading, text, controls))
        column.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(_scroll_area(column))

    def _token_step(self) -> QWidget:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(_row(self._tokens_page))
        layout.addWidget(self._token)
        return inside

    @Slot()
    def _on_licence_page_clicked(self) -> None:
        self.page_requested.emit(self._address)

    @Slot()
    def _on_tokens_page_clicked(self) -> None:
        self.page_requested.emit(_TOKENS_PAGE)


def _step(number: int, heading: str, text: str, controls: QWidget) -> QHBoxLayout:
    """Build one step: its number at the left, what to do and the controls beside it."""
    figure = words_label("strong", f"{number}")
    figure.setFixedWidth(_NUMBER_PX)
    words = QVBoxLayout()
    words.setSpacing(SPACE_XS)
    words.addWidget(words_label("strong", heading))
    words.addWidget(words_label("secondary", text))
    words.addSpacing(SPACE_XS)
    words.addWidget(controls)
    step = QHBoxLayout()
    step.setSpacing(0)
    step.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
    step.addLayout(words, 1)
    return step


def _row(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_S)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch()
    return row


def _scroll_area(column: QVBoxLayout) -> QScrollArea:
    inside = QWidget()
    inside.setMaximumWidth(_COLUMN_PX + 2 * SPACE_XL)
    inside.setLayout(column)
    ground = QWidget()
    row = QHBoxLayout(ground)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(inside, 100)
    row.addStretch(1)
    return tall_area(ground)
