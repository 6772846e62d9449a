"""Ten-minute pseudonyms in place of network addresses."""

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache

PERIOD_SECONDS = 600
IPV6_PREFIX = 64

_keys: dict[int, bytes] = {}


def pseudonym(meta: Mapping[str, Any], *, moment: float | None = None) -> str:
    """32 hexadecimal characters for the visitor's address, alike for at most ten minutes."""
    period = int((time.time() if moment is None else moment) // PERIOD_SECONDS)
    address = _narrowed(client_address(meta))
    return hmac.new(_key_of(period), address.encode(), hashlib.sha256).hexdigest()[:32]


def client_address(meta: Mapping[str, Any]) -> str:
    """The visitor's address: of the peer, or what a configured proxy says of it."""
    address = str(meta.get("REMOTE_ADDR", ""))
    forwarded = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    while is_trusted_proxy(address) and forwarded:
        # Read from the right: what stands further left was written by the visitor.
        address = forwarded.pop().strip() or address
    return address


def is_trusted_proxy(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(
        found in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES
    )


def _narrowed(address: str) -> str:
    """One household of IPv6 counts as one visitor; it may use any address of its /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network(f"{found}/{IPV6_PREFIX}", strict=False))
    return str(found)


def _key_of(period: int) -> bytes:
    known = _keys.get(period)
    if known is None:
        _keys.clear()
        known = _keys[period] = _shared_key(period)
    return known


def _shared_key(period: int) -> bytes:
    """The key that all worker processes use; it lives in the cache that never writes to disk."""
    name = f"doors:pseudonym:{period}"
    fresh = secrets.token_bytes(32)
    cache.add(name, fresh, timeout=2 * PERIOD_SECONDS)
    found = cache.get(name)
    return found if isinstance(found, bytes) else fresh
