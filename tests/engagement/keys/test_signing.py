from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from engagement.keys import store
from engagement.keys.purposes import Purpose
from engagement.keys.signing import public_keys, sign, verify


def test_a_signature_fits_its_text_alone() -> None:
    signature = sign(b"head")
    assert len(signature) == 64
    assert verify(b"head", signature)
    assert not verify(b"heaD", signature)
    assert not verify(b"head", b"\0" * 64)
    assert not verify(b"head", b"")


def test_old_signatures_hold_after_a_key_change() -> None:
    signature = sign(b"head")
    store.add_version(Purpose.ANCHOR)
    assert verify(b"head", signature)
    assert sign(b"head") != signature


def test_another_machine_can_check_with_the_public_key() -> None:
    Ed25519PublicKey.from_public_bytes(public_keys()[1]).verify(sign(b"head"), b"head")
