"""A model whose makers ask for an agreement first."""

import pytest
from hub_server import Port
from PySide6.QtCore import Qt
from tiny_model import write_tiny_model

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TOKEN, STRANGE_TOKEN = "hf_ThisOneIsAdas", "hf_ThisOneIsNobodys"
GATED = "Gated-GGUF"


@pytest.fixture
def gated(hub, tmp_path):
    """A gated repository, whose licence ada has accepted."""
    model = write_tiny_model(tmp_path / "Gated.gguf", answer=["Come", " in", "."], name="Gated")
    hub.add_user(TOKEN, "ada")
    return hub.add_repository(
        f"acme/{GATED}", {model.name: model}, gated=True, license="acme", granted={"ada"}
    )


@pytest.fixture
def user(go_to_models, wait_for, gated):
    """Somebody who has just been refused."""
    user = go_to_models("Find")
    user.find("acme gated")
    wait_for(lambda: GATED in user.offers())
    user.choose_offer(GATED)
    wait_for(lambda: "Add a token" in user.buttons())
    return user


def test_the_right_token_opens_a_gated_model_and_goes_to_the_hub_only(user, wait_for, hub, paths):
    file = paths.hub / "token"
    assert "You have to accept the licence first" in user.page()
    user.click("Add a token")
    assert f"acme/{GATED}" in user.page()
    user.field("Access token").setFocus()
    user.type(STRANGE_TOKEN)
    user.click("Save the token")
    wait_for(lambda: "The Hub does not know this access token" in user.page())
    assert not file.exists()
    user.field("Access token").setFocus()
    user.type(TOKEN)
    user.click("Save the token")
    wait_for(lambda: "The Hub knows you as ada." in user.page())
    assert "The Hub does not know this access token" not in user.page()
    assert user.field("Access token").text() == ""
    user.click("Try again")
    wait_for(lambda: "weighed by llama.cpp" in user.page())

    user.click(download_button(user))
    wait_for(lambda: "Open in Chat" in user.buttons())
    user.click("Open in Chat")
    wait_for(lambda: user.phase() == "idle" and "Gated" in user.model())
    user.say("May I?")
    wait_for(lambda: user.answers() and user.answers()[0].words == "Come in.")

    assert file.read_text("utf-8") == TOKEN
    assert file.stat().st_mode & 0o777 == 0o600
    asked = {port: [one for one in hub.requests if one.port is port] for port in Port}
    assert any(request.is_authorized for request in asked[Port.HUB])
    assert asked[Port.CDN]
    assert not any(request.is_authorized for request in asked[Port.CDN])
    assert [log for log in paths.logs.iterdir() if TOKEN in log.read_text("utf-8")] == []


def test_a_download_that_was_refused_goes_on_once_there_is_a_token(user, wait_for):
    user.click(download_button(user))
    user.open_tab("Downloads")
    wait_for(lambda: "Get access: Gated" in user.buttons())
    assert "You have to accept the licence first" in user.page()
    user.click("Get access: Gated")
    assert user.tab() == "Find"
    assert f"acme/{GATED}" in user.page()
    user.field("Access token").setFocus()
    user.type(TOKEN)
    user.press(Qt.Key.Key_Return)
    wait_for(lambda: "The Hub knows you as ada." in user.page())
    user.click("Try again")
    user.open_tab("Downloads")
    wait_for(lambda: "Open in Chat: Gated" in user.buttons())
    user.open_tab("Installed")
    user.click("Verify")
    wait_for(lambda: "Gated is intact" in user.page())


def download_button(user) -> str:
    """Return the name of the button on the card; it tells the size."""
    [name] = [name for name in user.buttons() if name.startswith("Download ")]
    return name
