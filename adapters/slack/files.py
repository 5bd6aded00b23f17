"""Files and pictures that come with a message."""

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api
from adapters.slack.markup import clean, shorten
from bot.domain.messages import Message


class Files:
    """Uploads files."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def upload(self, client: AsyncWebClient, channel: str, message: Message) -> None:
        """Show a message's attachments and images in a channel or to a user, by their id. Raises DeliveryError."""
        if channel.startswith(("U", "W")):
            # A file needs the id of the talk; a message goes by the id of the person.
            channel = (await self._api.call(client.conversations_open, users=channel))["channel"]["id"]
        for attachment in message.attachments:
            await self._api.call(
                client.files_upload_v2, channel=channel, filename=attachment.name, content=attachment.content
            )
        for image in message.images:
            description = shorten(clean(image.description), 1000)
            await self._api.call(
                client.files_upload_v2, channel=channel, filename=image.name, content=image.png, alt_txt=description
            )
