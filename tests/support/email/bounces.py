"""A service that reports bounces."""

from tests.support.email.world import SECRET, Post

KNOWS = {"Authorization": f"Bearer {SECRET}"}


async def send(
    post: Post, content: bytes, headers: dict[str, str] = KNOWS, kind: str = "message/rfc822"
) -> tuple[int, str]:
    """Report something; gives the status and the text of the answer."""
    async with post.browser.post("/mail/bounces", data=content, headers={**headers, "Content-Type": kind}) as answer:
        return answer.status, await answer.text()
