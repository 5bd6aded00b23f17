"""Discord's documented limits, checked on the payloads of requests."""

from collections.abc import Iterator
from typing import Any

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, CHANNEL_SELECT = 1, 2, 3, 4, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
V2 = 1 << 15


def length(text: str) -> int:
    """UTF-16 units: what the strictest counter would count."""
    return len(text.encode("utf-16-le")) // 2


def walk(components: list[Any]) -> Iterator[dict[str, Any]]:
    """Every component, those inside others as well."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        yield from walk([component[name] for name in ("component", "accessory") if name in component])


def check_message(payload: dict[str, Any]) -> None:
    """Raise AssertionError for a message that Discord would not take."""
    assert length(payload.get("content") or "") <= 2000
    assert not payload.get("embeds"), "everything is components v2"
    nonce = payload.get("nonce")
    assert nonce is None or len(str(nonce)) <= 25
    mentions = payload.get("allowed_mentions") or {}
    assert not any(mentions.get(kind) for kind in ("parse", "users"))
    assert all(f"<@&{role}>" in str(payload["components"]) for role in mentions.get("roles") or ())
    components = payload.get("components") or []
    if payload.get("flags", 0) & V2:
        assert not payload.get("content")
        assert components, "a message of components has one"
    check_components(components)
    named = {attachment["filename"] for attachment in payload.get("attachments") or [] if "filename" in attachment}
    shown = {c["file"]["url"] for c in walk(components) if c["type"] == FILE}
    shown |= {item["media"]["url"] for c in walk(components) if c["type"] == MEDIA for item in c["items"]}
    assert {f"attachment://{name}" for name in named} == shown, "every file is shown"


def check_components(components: list[Any]) -> None:
    """Raise AssertionError for components that Discord would not take."""
    every = list(walk(components))
    assert len(every) <= 40
    assert sum(length(c["content"]) for c in every if c["type"] == TEXT_DISPLAY) <= 4000
    ids = [c["custom_id"] for c in every if "custom_id" in c]
    assert len(ids) == len(set(ids)), "custom ids are unique"
    for custom_id in ids:
        assert 1 <= len(custom_id) <= 100
        custom_id.encode()
    for component in every:
        _check_component(component)


def _check_component(component: dict[str, Any]) -> None:
    match component["type"]:
        case 1:
            _check_row(component["components"])
        case 2:
            _check_button(component)
        case 3:
            _check_select(component)
        case 4:
            assert length(component.get("value") or "") <= min(4000, component.get("max_length") or 4000)
            assert length(component.get("placeholder") or "") <= 100
        case 8:
            assert length(component.get("placeholder") or "") <= 150
        case 10:
            assert component["content"].strip()
        case 9 | 17:
            assert component["components"], "a section and a container have something in them"
        case 18:
            assert 1 <= length(component["label"]) <= 45
            assert length(component.get("description") or "") <= 100
        case 11 | 12 | 13 | 14:
            pass
        case unknown:
            raise AssertionError(f"component {unknown} is not expected")


def _check_row(children: list[dict[str, Any]]) -> None:
    assert 1 <= len(children) <= 5
    if any(child["type"] != BUTTON for child in children):
        assert len(children) == 1, "a select has a row of its own"


def _check_button(button: dict[str, Any]) -> None:
    assert button.get("label") or button.get("emoji")
    assert length(button.get("label") or "") <= 80
    if button["style"] == 5:
        assert button["url"].startswith(("https://", "http://"))
        assert len(button["url"]) <= 512
        assert "custom_id" not in button
    else:
        assert button["custom_id"]


def _check_select(select: dict[str, Any]) -> None:
    assert 1 <= len(select["options"]) <= 25
    values = [option["value"] for option in select["options"]]
    assert len(values) == len(set(values))
    assert sum(bool(option.get("default")) for option in select["options"]) <= 1
    assert length(select.get("placeholder") or "") <= 150
    for option in select["options"]:
        assert 1 <= length(option["label"]) <= 100
        assert 1 <= len(option["value"]) <= 100


def check_modal(data: dict[str, Any]) -> None:
    """Raise AssertionError for a form that Discord would not take."""
    assert 1 <= length(data["title"]) <= 45
    assert 1 <= len(data["custom_id"]) <= 100
    assert 1 <= len(data["components"]) <= 5
    check_components(data["components"])


def check_choices(choices: list[dict[str, Any]]) -> None:
    """Raise AssertionError for suggestions that Discord would not take."""
    assert len(choices) <= 25
    for choice in choices:
        assert 1 <= length(choice["name"]) <= 100
        assert 1 <= length(str(choice["value"])) <= 100


def check_thread(body: dict[str, Any]) -> None:
    """Raise AssertionError for a thread or a forum's post that Discord would not open."""
    assert 1 <= length(body["name"]) <= 100
    assert len(body.get("applied_tags") or []) <= 5
    assert body.get("auto_archive_duration", 60) in {60, 1440, 4320, 10080}
    if "message" in body:
        check_message(body["message"])


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Raise AssertionError for commands that Discord would not register."""
    assert len([c for c in commands if c.get("type", 1) == 1]) <= 100
    assert len([c for c in commands if c.get("type", 1) == 3]) <= 5
    for command in commands:
        assert 1 <= len(command["name"]) <= 32
        if command.get("type", 1) == 1:
            _check_command(command)
            assert _characters(command) <= 8000


def _check_command(command: dict[str, Any]) -> None:
    assert command["name"] == command["name"].lower()
    assert 1 <= len(command["name"]) <= 32
    assert 1 <= length(command["description"]) <= 100
    options = command.get("options", [])
    assert len(options) <= 25
    required = [option.get("required", False) for option in options]
    assert required == sorted(required, reverse=True), "required options come first"
    for option in options:
        _check_command(option)
        check_choices(option.get("choices", []))
        assert not (option.get("autocomplete") and option.get("choices"))
        assert 1 <= option.get("max_length", 1) <= 6000


def _characters(command: dict[str, Any]) -> int:
    """Names, descriptions and values of a command together; Discord takes 8000."""
    own = len(command["name"]) + len(command.get("description", ""))
    choices = sum(len(c["name"]) + len(str(c["value"])) for c in command.get("choices", []))
    return own + choices + sum(map(_characters, command.get("options", [])))


def check_request(method: str, path: str, body: Any) -> None:
    """Raise AssertionError for a request that Discord would refuse."""
    if method in {"PUT", "POST"} and path.endswith("/commands"):
        check_commands(body)
    elif path.endswith("/callback") and body.get("type") == 9:
        check_modal(body["data"])
    elif path.endswith("/callback") and body.get("type") == 8:
        check_choices(body["data"]["choices"])
    elif path.endswith("/threads") and method == "POST":
        check_thread(body)
    elif isinstance(body, dict) and "components" in body:
        check_message(body)
