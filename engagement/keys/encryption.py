"""Encryption of single values, bound to the row and the agency that they belong to.

A sealed value is: format byte 1, key version (2 bytes), nonce (12), AES-256-GCM text and tag.
It holds no time, and the text is padded to 64 bytes so that its length says little.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.padding import PKCS7

from engagement.keys import store
from engagement.keys.purposes import Purpose

FORMAT = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = 1 + 2 + NONCE_BYTES
BLOCK_BITS = 512


class CannotUnseal(Exception):
    """The value is damaged, or belongs to another row, agency or purpose, or its key is gone."""


def seal(text: str, *, purpose: Purpose, agency_id: int | None, bound_to: str) -> bytes:
    """Encrypt `text` for one row: `bound_to` names it, such as "contact:17". Raises KeyMissing."""
    version = store.ring(purpose).current
    head = FORMAT + version.to_bytes(2) + secrets.token_bytes(NONCE_BYTES)
    padder = PKCS7(BLOCK_BITS).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    key = store.derived(purpose, agency_id=agency_id, version=version)
    bound = _bound(head, purpose, agency_id, bound_to)
    return head + AESGCM(key).encrypt(head[-NONCE_BYTES:], padded, bound)


def unseal(
    blob: bytes | memoryview, *, purpose: Purpose, agency_id: int | None, bound_to: str
) -> str:
    """What was sealed. Raises CannotUnseal unless purpose, agency and row are the same."""
    sealed = bytes(blob)
    head = sealed[:HEAD_BYTES]
    if len(head) < HEAD_BYTES or head[:1] != FORMAT:
        raise CannotUnseal("not a sealed value")
    try:
        key = store.derived(purpose, agency_id=agency_id, version=version_of(sealed))
        bound = _bound(head, purpose, agency_id, bound_to)
        padded = AESGCM(key).decrypt(head[-NONCE_BYTES:], sealed[HEAD_BYTES:], bound)
    except InvalidTag:
        raise CannotUnseal("it does not belong here, or it was changed") from None
    except store.KeyMissing as missing:
        raise CannotUnseal(str(missing)) from None
    unpadder = PKCS7(BLOCK_BITS).unpadder()
    return (unpadder.update(padded) + unpadder.finalize()).decode()


def is_current(blob: bytes | memoryview, *, purpose: Purpose) -> bool:
    """Whether the value is sealed with the newest key version; `rekey` rewrites the others."""
    return version_of(blob) == store.ring(purpose).current


def version_of(blob: bytes | memoryview) -> int:
    """The key version that a sealed value names in its head."""
    return int.from_bytes(bytes(blob[1:3]))


def _bound(head: bytes, purpose: Purpose, agency_id: int | None, bound_to: str) -> bytes:
    return head + f"{purpose}\0{agency_id}\0{bound_to}".encode()
