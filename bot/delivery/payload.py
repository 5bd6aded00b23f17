"""Posts as text: what was composed is kept as it is until every message of it was sent."""

from pydantic import ConfigDict, TypeAdapter

from bot.delivery.post import Post
from bot.domain.messages import Message

_POSTS = TypeAdapter(tuple[Message, ...], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))


def freeze(post: Post) -> str:
    """A post as JSON."""
    return _POSTS.dump_json(post, exclude_defaults=True).decode()


def thaw(payload: str) -> Post:
    """The post that was frozen."""
    return _POSTS.validate_json(payload)
