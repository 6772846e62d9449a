"""Encryption of whole files, bound to their name and agency.

Apart from `encryption`, which few may import because it opens addresses: this key opens pictures
and nothing else. A sealed file is: format byte 2, key version (2 bytes), nonce (12), then
AES-256-GCM text and tag. It holds no time.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engagement.keys import store
from engagement.keys.purposes import Purpose

FORMAT = b"\x02"
NONCE_BYTES = 12
HEAD_BYTES = 1 + 2 + NONCE_BYTES


class CannotUnsealFile(Exception):
    """The file is damaged, or belongs under another name or agency, or its key is gone."""


def seal_file(content: bytes, *, agency_id: int, name: str) -> bytes:
    """Encrypt a file for one name. Raises store.KeyMissing."""
    version = store.ring(Purpose.PHOTO).current
    head = FORMAT + version.to_bytes(2) + secrets.token_bytes(NONCE_BYTES)
    key = store.derived(Purpose.PHOTO, agency_id=agency_id, version=version)
    return head + AESGCM(key).encrypt(head[-NONCE_BYTES:], content, _bound(head, name))


def unseal_file(sealed: bytes, *, agency_id: int, name: str) -> bytes:
    """What was sealed. Raises CannotUnsealFile unless agency and name are the same."""
    head = sealed[:HEAD_BYTES]
    if len(head) < HEAD_BYTES or head[:1] != FORMAT:
        raise CannotUnsealFile("not a sealed file")
    try:
        version = int.from_bytes(head[1:3])
        key = store.derived(Purpose.PHOTO, agency_id=agency_id, version=version)
        return AESGCM(key).decrypt(head[-NONCE_BYTES:], sealed[HEAD_BYTES:], _bound(head, name))
    except InvalidTag:
        raise CannotUnsealFile("it does not belong here, or it was changed") from None
    except store.KeyMissing as missing:
        raise CannotUnsealFile(str(missing)) from None


def _bound(head: bytes, name: str) -> bytes:
    return head + name.encode()
