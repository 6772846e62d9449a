"""OpenID Connect as the portal speaks it: code flow with PKCE, nonce and checked signatures.

Written out instead of taken from the account library: that one neither sends nor checks a nonce,
skips the signature of an ID token fetched by TLS, asks the user-info page, and stores all that
it learns there. Here nothing is taken from the directory but who it is (`sub`) and how they
signed in (`amr`, `acr`); no name and no address is asked for. OpenID Connect Core 1.0, 3.1.3.7;
RFC 7636; RFC 9700 for the rest.
"""

import base64
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.core.cache import cache
from django.utils.crypto import constant_time_compare

from engagement.outside.gateway import CannotReach, allowed_host, fetch

# Asymmetric alone: with a shared secret, whoever knows it could write tokens.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
LEEWAY_SECONDS = 60
REMEMBERED_SECONDS = 600
GOOGLE = "https://accounts.google.com"
# What a directory says of somebody who may no longer sign in (RFC 6749 5.2, OpenID Core 3.1.2.6).
GONE = frozenset({"invalid_grant", "access_denied", "login_required", "interaction_required"})
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class CannotTrust(Exception):
    """What came back is not what this portal asked this directory for."""


class Gone(Exception):
    """The directory says that this person may not sign in any more."""


@dataclass(frozen=True)
class Party:
    """One directory and this portal's registration there."""

    issuer: str
    client_id: str
    client_secret: str
    other_hosts: tuple[str, ...] = ()

    @property
    def hosts(self) -> Collection[str]:
        return {urlsplit(self.issuer).hostname or "", *self.other_hosts}

    def __repr__(self) -> str:
        return f"Party({self.issuer})"


@dataclass(frozen=True)
class Asked:
    """A sign-in that has begun: where the browser goes, and what must come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Known:
    """Who the directory says it is, and how they showed it; no name, no address."""

    subject: str
    methods: frozenset[str]
    refresh_token: str

    def __repr__(self) -> str:
        return "Known()"


def begin(party: Party, *, redirect_uri: str) -> Asked:
    """Make the address of the directory's sign-in page. Raises CannotReach, CannotTrust."""
    said = _configuration(party)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    challenge = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": party.client_id,
        "redirect_uri": redirect_uri,
        "scope": _scope(said),
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    if party.issuer == GOOGLE:
        # Google gives no refresh token for the scope, but for this.
        query |= {"access_type": "offline", "prompt": "consent"}
    where = _endpoint(party, said, "authorization_endpoint")
    address = f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(query)}"
    return Asked(address, state, nonce, verifier)


def finish(party: Party, *, code: str, verifier: str, nonce: str, redirect_uri: str) -> Known:
    """Trade the code for who it is. Raises CannotReach, CannotTrust."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    try:
        tokens = _ask_for_tokens(party, form)
    except Gone:
        raise CannotTrust("the code was refused") from None
    said = verified(party, str(tokens.get("id_token") or ""))
    if not constant_time_compare(str(said.get("nonce") or ""), nonce):
        raise CannotTrust("nonce")
    return Known(str(said["sub"]), _methods(said), str(tokens.get("refresh_token") or ""))


def ask_again(party: Party, *, refresh_token: str, subject_was: Any) -> str:
    """Ask whether somebody may still sign in; returns the refresh token to use next time.

    `subject_was(sub)` says whether an ID token in the answer is still of the same person.
    Raises Gone when they may not, CannotReach when the directory does not say.
    """
    tokens = _ask_for_tokens(party, {"grant_type": "refresh_token", "refresh_token": refresh_token})
    if tokens.get("id_token"):
        try:
            said = verified(party, str(tokens["id_token"]))
        except CannotTrust:
            raise CannotReach("an answer that proves nothing") from None
        if not subject_was(str(said["sub"])):
            raise Gone
    return str(tokens.get("refresh_token") or refresh_token)


def verified(party: Party, token: str) -> dict[str, Any]:
    """The claims of an ID token that this directory signed for this portal, in force now.

    Raises CannotTrust, CannotReach.
    """
    try:
        key = _key_for(party, token)
        said: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=list(ALGORITHMS),
            audience=party.client_id,
            issuer=party.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "exp", "iat", "sub"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError, AttributeError, KeyError):
        # The library raises its own errors for wrong words, and these for wrong shapes.
        raise CannotTrust("token") from None
    audiences = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
    if (len(audiences) > 1 or "azp" in said) and said.get("azp") != party.client_id:
        raise CannotTrust("azp")
    if not said["sub"]:
        raise CannotTrust("sub")
    return said


def logged_out_subject(party: Party, token: str) -> tuple[str, str]:
    """Subject and id of a logout token (OpenID Back-Channel Logout 1.0, 2.6).

    Raises CannotTrust, CannotReach.
    """
    said = verified(party, token)
    events = said.get("events")
    is_logout = isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)
    if not is_logout or "nonce" in said or not said.get("jti"):
        raise CannotTrust("no logout token")
    return str(said["sub"]), str(said["jti"])


def _scope(said: dict[str, Any]) -> str:
    supported = _list(said, "scopes_supported")
    return "openid offline_access" if "offline_access" in supported else "openid"


def _list(said: dict[str, Any], name: str) -> list[Any]:
    """What the directory lists under a name; nothing where it says something else there."""
    found = said.get(name)
    return found if isinstance(found, list) else []


def _methods(said: dict[str, Any]) -> frozenset[str]:
    found = {str(value) for value in _list(said, "amr")}
    return frozenset(found | ({str(said["acr"])} if said.get("acr") else set()))


def _ask_for_tokens(party: Party, form: dict[str, str]) -> dict[str, Any]:
    said = _configuration(party)
    headers = {}
    methods = _list(said, "token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" in methods:
        pair = f"{quote(party.client_id, safe='')}:{quote(party.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": party.client_id, "client_secret": party.client_secret}
    where = _endpoint(party, said, "token_endpoint")
    answer = fetch(where, hosts=party.hosts, form=form, headers=headers)
    if answer.status == 200:
        return answer.json()
    # Some say an object there.
    if answer.status in (400, 401) and str(answer.json().get("error")) in GONE:
        raise Gone
    raise CannotReach("no tokens")


def _configuration(party: Party) -> dict[str, Any]:
    """What the directory says of itself, remembered for ten minutes. Raises as `fetch`."""
    where = party.issuer.rstrip("/") + "/.well-known/openid-configuration"
    said = _remembered(where, party)
    if said.get("issuer") != party.issuer:
        raise CannotTrust("issuer")
    return said


def _endpoint(party: Party, said: dict[str, Any], name: str) -> str:
    where = str(said.get(name) or "")
    allowed_host(urlsplit(where), party.hosts)
    return where


def _key_for(party: Party, token: str) -> Any:
    """The directory's key that the token names; a new one is looked for once."""
    kid = jwt.get_unverified_header(token).get("kid")
    where = _endpoint(party, _configuration(party), "jwks_uri")
    for is_fresh in (False, True):
        keys = jwt.PyJWKSet.from_dict(_remembered(where, party, is_fresh=is_fresh)).keys
        for key in keys:
            is_named = kid is None and len(keys) == 1
            if (key.key_id == kid or is_named) and key.public_key_use in (None, "sig"):
                return key
    raise CannotTrust("no such key")


def _remembered(where: str, party: Party, *, is_fresh: bool = False) -> dict[str, Any]:
    name = f"openid:{hashlib.sha256(where.encode()).hexdigest()}"
    found: dict[str, Any] | None = cache.get(name)
    # A flood of tokens with invented keys must not make us ask the directory each time.
    if found is not None and (not is_fresh or not cache.add(f"{name}:fresh", 1, timeout=60)):
        return found
    answer = fetch(where, hosts=party.hosts)
    if answer.status != 200:
        raise CannotReach("no description")
    found = answer.json()
    cache.set(name, found, timeout=REMEMBERED_SECONDS)
    return found
