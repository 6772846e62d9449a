"""/account/directory/...: sign in through an agency's directory, and connect an account to it."""

import time
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagement.doors.access import open_page, signed_in_page
from engagement.doors.requests import PortalRequest
from engagement.doors.throttle import allow
from engagement.outside.gateway import CannotReach
from engagement.people.acceptance import CannotAccept, accept_anew
from engagement.people.accounts import Checked
from engagement.people.directories import (
    CannotConnect,
    connect,
    digest_of,
    link_of,
    log_out,
    party_of,
    remember_sign_in,
)
from engagement.people.directory_doors import connections_for, waits_for_directory
from engagement.people.factor_doors import hold_permit, to_second_step
from engagement.people.invitations import has_account, invitation_named_by, token_of
from engagement.people.models import (
    DirectoryConnection,
    DirectoryLink,
    EnrolmentPermit,
    Invitation,
    User,
)
from engagement.people.openid import CannotTrust, Known, begin, finish, logged_out_subject
from engagement.people.recovery import permit_token
from engagement.people.trust import FactorKind, has_recent_factor, note_directory

UNDER_WAY = "people.directory.asked"
FOUND = "people.directory.found"
MINUTES = 10
MOST_UNDER_WAY = 3
SIGN_IN, CONNECT, INVITATION = "sign-in", "connect", "invitation"


@open_page
@require_GET
def choose(request: PortalRequest) -> HttpResponse:
    user = request.user
    if isinstance(user, User):
        came_by = user.directory_agency_id
        context: dict[str, Any] = {
            "connections": connections_for(user, request.agency),
            "is_waited_for": waits_for_directory(user, came_by=came_by, now=timezone.now()),
        }
    else:
        rows = DirectoryConnection.objects.filter(agency=request.agency, is_active=True)
        context = {"connections": list(rows.order_by("name", "id")) if request.agency else []}
    return render(request, "people/directories.html", context)


@open_page
@require_POST
def start(request: PortalRequest, slug: str) -> HttpResponse:
    """Begin; a link on a stranger's page must not."""
    return lead_there(request, _connection(slug), why=SIGN_IN)


@signed_in_page
@require_POST
def start_connecting(request: PortalRequest, slug: str) -> HttpResponse:
    """A factor of the account's own opens this: who rules one agency's directory must not connect
    the account to another's, and come in there."""
    if not has_recent_factor(request, own=True):
        return to_second_step(request, back=reverse("account_directory"))
    return lead_there(request, _connection(slug), why=CONNECT)


@open_page
@require_POST
def start_invited(request: PortalRequest, slug: str, token: str) -> HttpResponse:
    connection = _connection(slug)
    found = invitation_named_by(token, now=timezone.now())
    if found is None or found.agency_id != connection.agency_id or has_account(found):
        raise Http404
    return lead_there(request, connection, why=INVITATION, invitation=found)


def lead_there(
    request: PortalRequest,
    connection: DirectoryConnection,
    *,
    why: str,
    invitation: Invitation | None = None,
) -> HttpResponse:
    """A page that goes on to the directory: our content policy lets no form lead elsewhere.

    The session names the invitation but not its token: sessions are rows, and the token opens it.
    """
    if not allow("directory", request, limit=20, seconds=300):
        return render(request, "429.html", status=429)
    try:
        asked = begin(party_of(connection), redirect_uri=callback_address(connection))
    except (CannotReach, CannotTrust):
        return _failed(request, _("The directory does not answer. Try again in a few minutes."))
    flows = _flows(request)
    flows[asked.state] = {
        "slug": connection.slug,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "why": why,
        "invitation": [invitation.pk, invitation.binding.hex] if invitation else [],
        "user": request.user.pk or 0,
        "at": _minute(),
    }
    request.session[UNDER_WAY] = dict(list(flows.items())[-MOST_UNDER_WAY:])
    if not request.user.is_authenticated:
        request.session.set_expiry(0)
    context = {"connection": connection, "address": asked.address}
    return render(request, "people/to_directory.html", context)


@sensitive_variables()
@open_page
@require_GET
def callback(request: PortalRequest, slug: str) -> HttpResponse:
    """Where the directory sends the browser back to. Each state is good for one visit."""
    connection = _connection(slug)
    flows = _flows(request)
    flow = flows.pop(request.GET.get("state", ""), None)
    request.session[UNDER_WAY] = flows
    issuer = request.GET.get("iss", connection.issuer)
    if flow is None or flow["slug"] != slug or issuer != connection.issuer:
        return _failed(request, _("This sign-in was not begun here, or too long ago. Begin again."))
    if "code" not in request.GET:
        return _failed(request, _("The directory did not let you in."))
    try:
        known = finish(
            party_of(connection),
            code=request.GET["code"],
            verifier=flow["verifier"],
            nonce=flow["nonce"],
            redirect_uri=callback_address(connection),
        )
    except CannotReach:
        return _failed(request, _("The directory does not answer. Try again in a few minutes."))
    except CannotTrust:
        return _failed(request, _("The directory's answer could not be trusted. Begin again."))
    if flow["why"] == SIGN_IN:
        return _sign_in(request, connection, known)
    if flow["user"] != (request.user.pk or 0):
        return _failed(request, _("Somebody else signed in meanwhile. Begin again."))
    request.session[FOUND] = {
        "slug": slug,
        "digest": digest_of(connection, known.subject).hex(),
        "why": flow["why"],
        "invitation": flow["invitation"],
        "user": flow["user"],
        "at": _minute(),
    }
    return redirect("account_directory_confirm")


@open_page
@require_http_methods(["GET", "POST"])
def confirm(request: PortalRequest) -> HttpResponse:
    """The directory's word is here; the person says that it is to be theirs."""
    found = request.session.get(FOUND)
    if not found or not _is_young(found) or found["user"] != (request.user.pk or 0):
        raise Http404
    connection = _connection(found["slug"])
    if request.method == "GET":
        context = {"connection": connection, "is_invitation": found["why"] == INVITATION}
        return render(request, "people/connect.html", context)
    del request.session[FOUND]
    now = timezone.now()
    try:
        if found["why"] == INVITATION:
            user = _accepted(found, connection, now)
        else:
            assert isinstance(request.user, User)
            user = request.user
            _connected(connection, user, found, now)
    except (CannotAccept, CannotConnect):
        return _failed(request, _("This could not be connected: one of the two is taken already."))
    if found["why"] == CONNECT:
        messages.success(request, _("Connected. You can sign in through the directory now."))
        return redirect("account_security")
    permit = EnrolmentPermit.objects.filter(user=user).first()
    if permit is not None:
        # Only used where the directory does not vouch for a second factor.
        hold_permit(request, permit_token(permit))
    return lead_there(request, connection, why=SIGN_IN)


@csrf_exempt
@sensitive_post_parameters()
@open_page
@require_POST
def logged_out(request: PortalRequest, slug: str) -> HttpResponse:
    """The directory itself says, with a signed token, that somebody's session is over."""
    connection = _connection(slug)
    if not allow("directory-logout", request, limit=60, seconds=60):
        return HttpResponse(status=429)
    try:
        subject, jti = logged_out_subject(
            party_of(connection), request.POST.get("logout_token", "")
        )
    except (CannotTrust, CannotReach):
        return HttpResponse(status=400)
    link = link_of(connection, subject)
    # Said twice is done once: who replays an old word must not sign anybody out again.
    is_new = cache.add(f"directory-logout:{connection.pk}:{jti[:200]}", 1, timeout=86_400)
    if link is not None and is_new:
        log_out(link=link, now=timezone.now())
    return HttpResponse(status=200)


def callback_address(connection: DirectoryConnection) -> str:
    """What is registered at the directory: of the configured origin, never of the Host header."""
    return settings.ORIGIN + reverse("account_directory_callback", args=[connection.slug])


def _connection(slug: str) -> DirectoryConnection:
    rows = DirectoryConnection.objects.select_related("agency")
    return get_object_or_404(rows, slug=slug, is_active=True)


def _sign_in(request: PortalRequest, connection: DirectoryConnection, known: Known) -> HttpResponse:
    link = link_of(connection, known.subject)
    if link is None or not link.user.is_active:
        return _failed(
            request,
            _(
                "No account here is connected to you. Ask your agency's administrator for an "
                "invitation, or sign in with your password and connect it under Security."
            ),
        )
    remember_sign_in(link=link, known=known, now=timezone.now())
    return _let_in(request, link, is_vouched=bool(known.methods & set(connection.vouching_values)))


def _let_in(request: PortalRequest, link: DirectoryLink, *, is_vouched: bool) -> HttpResponse:
    user = link.user
    if is_vouched:
        request.checked_factor = Checked(user.pk, FactorKind.DIRECTORY)  # type: ignore[attr-defined]
        adapter = get_adapter(request)
        adapter.login(request, user)
        # Whoever was signed in before may have left a cookie that lasts.
        request.session.set_expiry(0)
        note_directory(request, user_id=user.pk, agency_id=link.agency_id)
        user.directory_agency_id = link.agency_id
        return redirect(adapter.get_login_redirect_url(request))
    # Before the portal's own second step, which signs in: the note counts for this user alone.
    note_directory(request, user_id=user.pk, agency_id=link.agency_id)
    answer: HttpResponse = perform_login(request, Login(user=user, email_verification="none"))
    if request.user.is_authenticated:
        note_directory(request, user_id=user.pk, agency_id=link.agency_id)
    return answer


@transaction.atomic
def _accepted(found: dict[str, Any], connection: DirectoryConnection, now: datetime) -> User:
    number, binding = found["invitation"]
    invitation = Invitation.objects.filter(pk=number, binding=binding).first()
    token = token_of(invitation) if invitation else None
    user = accept_anew(token=token or "", password=None, now=now)
    _connected(connection, user, found, now)
    return user


def _connected(
    connection: DirectoryConnection, user: User, found: dict[str, Any], now: datetime
) -> None:
    connect(connection=connection, user=user, digest=bytes.fromhex(found["digest"]), now=now)


def _flows(request: PortalRequest) -> dict[str, dict[str, Any]]:
    """What this browser has begun and not finished within ten minutes, by state."""
    flows = request.session.get(UNDER_WAY, {})
    return {state: flow for state, flow in flows.items() if _is_young(flow)}


def _is_young(flow: dict[str, Any]) -> bool:
    return bool(0 <= _minute() - flow["at"] <= MINUTES)


def _minute() -> int:
    return int(time.time() // 60)


def _failed(request: PortalRequest, words: str) -> HttpResponse:
    return render(request, "people/directory_failed.html", {"words": words}, status=403)
