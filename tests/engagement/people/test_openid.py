"""A directory's word is believed only when it is signed, fresh, and meant for this sign-in."""

import time
from collections.abc import Iterator
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django import Settings

from engagement.outside.gateway import CannotReach
from engagement.people.openid import (
    LOGOUT_EVENT,
    CannotTrust,
    Gone,
    Party,
    ask_again,
    begin,
    finish,
    logged_out_subject,
)
from tests.engagement.people.issuer import CLIENT, SECRET, AnyIssuer, another_make, remove, visit

BACK = "https://portal.example/back/"


@pytest.fixture(autouse=True)
def loopback(settings: Settings) -> None:
    settings.OUTBOUND_LOOPBACK = True


@pytest.fixture
def issuer() -> Iterator[AnyIssuer]:
    with AnyIssuer() as made:
        made.nonce = "nonce-of-this-sign-in"
        yield made


def party(address: str) -> Party:
    return Party(address, CLIENT, SECRET)


def finished(issuer: AnyIssuer) -> str:
    known = finish(
        party(issuer.address),
        code="code",
        verifier="verifier",
        nonce="nonce-of-this-sign-in",
        redirect_uri=BACK,
    )
    return known.subject


def test_somebody_signs_in_at_an_issuer_of_another_make() -> None:
    with another_make("sub-7", amr=["pwd", "mfa"]) as address:
        asked = begin(party(address), redirect_uri=BACK)
        query = parse_qs(urlsplit(asked.address).query)
        assert query["code_challenge_method"] == ["S256"]
        assert query["redirect_uri"] == [BACK]
        back = parse_qs(urlsplit(visit(asked.address, "sub-7")).query)
        assert back["state"] == [asked.state]
        known = finish(
            party(address),
            code=back["code"][0],
            verifier=asked.verifier,
            nonce=asked.nonce,
            redirect_uri=BACK,
        )
        assert known.subject == "sub-7"
        assert "mfa" in known.methods
        fresh = ask_again(
            party(address), refresh_token=known.refresh_token, subject_was="sub-7".__eq__
        )
        remove(address, "sub-7")
        with pytest.raises(Gone):
            ask_again(party(address), refresh_token=fresh, subject_was="sub-7".__eq__)


def test_nothing_is_asked_for_but_who_it_is(issuer: AnyIssuer) -> None:
    asked = begin(party(issuer.address), redirect_uri=BACK)
    assert parse_qs(urlsplit(asked.address).query)["scope"] == ["openid offline_access"]
    assert finished(issuer) == "person-1"
    assert issuer.asked[0][1]["code_verifier"] == ["verifier"]
    assert issuer.asked[0][0].startswith("Basic ")
    assert SECRET not in str(issuer.asked[0][1])


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-portal"},
        {"aud": [CLIENT, "another-portal"]},
        {"azp": "another-portal"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": None},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
    ],
    # Alike in every process of a run, also where a claim is a moment.
    ids=[
        *("nonce of another", "no nonce", "for another", "for others too", "azp of another"),
        *("another issuer", "run out", "never runs out", "no moment", "from the future"),
        *("nobody", "an empty name"),
    ],
)
def test_a_token_meant_for_something_else_is_refused(
    issuer: AnyIssuer, claims: dict[str, object]
) -> None:
    issuer.claims = claims
    with pytest.raises(CannotTrust):
        finished(issuer)


def test_a_token_that_another_signed_is_refused(issuer: AnyIssuer) -> None:
    issuer.sign_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(CannotTrust):
        finished(issuer)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_real_signature_is_refused(issuer: AnyIssuer, algorithm: str) -> None:
    issuer.algorithm = algorithm
    issuer.sign_with = None if algorithm == "none" else SECRET * 2
    with pytest.raises(CannotTrust):
        finished(issuer)


def test_an_issuer_that_calls_itself_another_is_refused(issuer: AnyIssuer) -> None:
    issuer.described = {"issuer": "https://login.example"}
    with pytest.raises(CannotTrust):
        begin(party(issuer.address), redirect_uri=BACK)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_pages_on_other_hosts_are_not_asked(issuer: AnyIssuer, name: str) -> None:
    issuer.described = {name: "https://evil.example/here"}
    ask = partial(begin, party(issuer.address), redirect_uri=BACK)
    with pytest.raises(CannotReach):
        ask() if name == "authorization_endpoint" else finished(issuer)


def test_only_a_clear_no_ends_access(issuer: AnyIssuer) -> None:
    for error, raised in (
        ("invalid_grant", Gone),
        ("invalid_client", CannotReach),
        ("temporarily_unavailable", CannotReach),
    ):
        issuer.refused = error
        with pytest.raises(raised):
            ask_again(party(issuer.address), refresh_token="r", subject_was=lambda _sub: True)
    with pytest.raises(CannotReach):
        ask_again(party("http://localhost:1"), refresh_token="r", subject_was=lambda _sub: True)


def test_a_refresh_that_speaks_of_another_person_ends_access(issuer: AnyIssuer) -> None:
    with pytest.raises(Gone):
        ask_again(party(issuer.address), refresh_token="r", subject_was="somebody".__eq__)


def test_a_logout_token_is_no_sign_in_and_no_sign_in_is_a_logout_token(issuer: AnyIssuer) -> None:
    events = {LOGOUT_EVENT: {}}
    said = issuer.token(nonce=None, events=events, jti="once")
    assert logged_out_subject(party(issuer.address), said) == ("person-1", "once")
    for wrong in (
        issuer.token(),
        issuer.token(events=events, jti="once"),
        issuer.token(nonce=None, events={}, jti="once"),
        issuer.token(nonce=None, events=events),
    ):
        with pytest.raises(CannotTrust):
            logged_out_subject(party(issuer.address), wrong)
