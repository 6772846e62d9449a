"""The door by which a gateway tells what people answered to a text."""

import hashlib
import hmac
import json
import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from engagement.doors.access import open_page
from engagement.outbox.actions.texts import Wanted, start_texts, stop_texts, wanted_by
from engagement.outbox.models import ConsentWay

# A signature that is older was perhaps overheard.
FRESH_SECONDS = 300
LONGEST = 4096


@csrf_exempt  # the gateway's signature is the permission; it has neither cookie nor form
@sensitive_post_parameters()
@open_page
@require_POST
def answers(request: HttpRequest) -> HttpResponse:
    """POST {"from": "+1...", "text": "STOP"}; the answer's "reply" is what to send back.

    Signed in the header X-Signature: "t=<seconds>,s=<hex>", where s is HMAC-SHA256 of
    "<seconds>.<body>" under TEXT_ANSWERS_KEY. Anything else gets 404, as if there were no door.
    """
    body = request.read(LONGEST + 1)
    if not _is_signed(request.headers.get("X-Signature", ""), body):
        raise Http404
    try:
        said = json.loads(body)
        number, words = str(said["from"]), str(said["text"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"reply": ""}, status=400)
    return JsonResponse({"reply": _heard(number, words)})


def _is_signed(header: str, body: bytes) -> bool:
    key = settings.TEXT_ANSWERS_KEY
    moment, _comma, signature = header.removeprefix("t=").partition(",s=")
    if not key or len(body) > LONGEST or not (moment.isascii() and moment.isdigit()):
        return False
    if abs(time.time() - int(moment[:12])) > FRESH_SECONDS:
        return False
    expected = hmac.new(key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def _heard(number: str, words: str) -> str:
    now, wanted = timezone.now(), wanted_by(words)
    name = _("Common Ground")
    if wanted is Wanted.STOP:
        stop_texts(number, way=ConsentWay.ANSWER, now=now)
        return _("%(name)s: No more texts come. Answer START to get them again.") % {"name": name}
    if wanted is Wanted.START:
        start_texts(number, way=ConsentWay.ANSWER, now=now)
        said = _("%(name)s: A text comes when a message waits for you. Answer STOP to end them.")
        return said % {"name": name}
    if wanted is Wanted.HELP:
        return _(
            "%(name)s: We text when a message waits for you. Answer STOP to end that. In danger? "
            "Call 911."
        ) % {"name": name}
    return ""
