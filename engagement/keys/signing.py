"""Ed25519 signatures of the installation, for the heads of the audit chain."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engagement.keys import store
from engagement.keys.purposes import Purpose


def sign(data: bytes) -> bytes:
    """64 bytes (RFC 8032), made with the current key. Raises store.KeyMissing."""
    return _private_key(store.ring(Purpose.ANCHOR).current).sign(data)


def verify(data: bytes, signature: bytes) -> bool:
    """Whether any version of our key, also an older one, signed exactly `data`."""
    return any(
        _is_signed(data, signature, version) for version in store.ring(Purpose.ANCHOR).newest_first
    )


def public_keys() -> dict[int, bytes]:
    """Version -> 32 bytes of the public key, for whoever checks heads on another machine."""
    versions = store.ring(Purpose.ANCHOR).newest_first
    return {version: _private_key(version).public_key().public_bytes_raw() for version in versions}


def _private_key(version: int) -> Ed25519PrivateKey:
    seed = store.derived(Purpose.ANCHOR, agency_id=None, version=version)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _is_signed(data: bytes, signature: bytes, version: int) -> bool:
    try:
        _private_key(version).public_key().verify(signature, data)
    except InvalidSignature:
        return False
    return True
