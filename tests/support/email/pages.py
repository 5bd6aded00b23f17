"""Forms as a reader sees and sends them."""

import re
from html import unescape

from bot.domain.mailboxes import mailbox_place
from tests.support.email.world import YOU, Post

MAILBOX = mailbox_place(YOU).key


def filled(page: str) -> dict[str, str]:
    """What a form would send as it stands."""
    fields = {"at": re.search(r'name="at"[^>]* value="([^"]*)"', page)}
    found = {name: match[1] for name, match in fields.items() if match}
    for name in ("days", "timezone", "count", *(["scope"] if 'name="scope"' in page else [])):
        select = re.search(rf'name="{name}">(.*?)</select>', page, re.DOTALL)
        assert select
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', select[1])
        assert chosen
        found[name] = chosen[1] or chosen[2]
    areas = re.finditer(r'name="(topics|follows|others)"[^>]*>([^<]*)</textarea>', page)
    return found | {area[1]: unescape(area[2]) for area in areas}


async def enabled(post: Post) -> bool:
    """Whether mails come."""
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    return mailbox.enabled
