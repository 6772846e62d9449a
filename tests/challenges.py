"""What a browser's script does for a form that carries a challenge."""

import hashlib
import re
from itertools import count

from engagement.doors.challenge import RIDDLES


def solved(token: str) -> str:
    """An answer to each riddle of the challenge; some ten milliseconds of work."""
    bits = int(token.split(".")[2])

    def answer(riddle: int) -> str:
        for number in count():
            digest = hashlib.sha256(f"{token}.{riddle}.{number}".encode()).digest()
            if int.from_bytes(digest, "big") >> (256 - bits) == 0:
                return str(number)
        raise AssertionError

    return ".".join(answer(riddle) for riddle in range(RIDDLES))


def with_work(address: str) -> str:
    """The address of a form's action, with the work that it asks for."""
    token = re.search(r"[?&]proof=([^&]+)", address)
    return f"{address}&work={solved(token[1])}" if token else address


def action(page: str, path: str) -> str:
    """Where the form of the page is sent that goes to `path`, the work done."""
    found = re.search(rf'action="({path}\?[^"]*)"', page)
    assert found, f"no form goes to {path}"
    return with_work(found[1].replace("&amp;", "&"))
