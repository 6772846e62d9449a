"""A mail server that takes everything and keeps nothing; prints its port, runs until killed."""

import asyncio
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.engagement.outbox.sink import free_port


class Nothing:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 OK"


async def main() -> None:
    port = free_port()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Nothing()), "127.0.0.1", port)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
