"""What an outside cache may write to its disk: nothing, since it counts visitors by pseudonym."""

from redis import Redis

NOTHING_ON_DISK = {"save": "", "appendonly": "no"}


def what_would_forget(url: str) -> str:
    """The lines that the configuration of the server at `url` lacks, or nothing.

    Raises RedisError when it is away or does not tell.
    """
    with Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as server:
        found = server.config_get(*NOTHING_ON_DISK)
    return " and ".join(
        f'{name} "{wanted}"' for name, wanted in NOTHING_ON_DISK.items() if found[name] != wanted
    )
