"""Forms of the second step: a code, or what a browser says for a key."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagement.people.models import User

NAME_LENGTH = 40
CREDENTIAL_LENGTH = 20_000
KEY_FAILED = _("This key was not accepted. Try again, or use another way.")
# What the library lets through when a browser, or somebody in its place, sends nonsense.
NONSENSE = (TypeError, ValueError, KeyError, AttributeError, IndexError)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from your app"),
        max_length=12,
        help_text=_("Six digits. A new code comes every 30 seconds."),
        error_messages={"required": _("Enter the six digits that your app shows.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
    )


class CredentialForm(forms.Form):
    """`credential` is filled by static/js/passkeys.js, in the shape of WebAuthn's toJSON()."""

    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": KEY_FAILED, "invalid": KEY_FAILED},
    )

    def clean_credential(self) -> dict[str, Any]:
        found = self.cleaned_data["credential"]
        if not isinstance(found, dict) or len(str(found)) > CREDENTIAL_LENGTH:
            raise ValidationError(KEY_FAILED)
        return found


class NewKeyForm(CredentialForm):
    name = forms.CharField(
        label=_("Name for this key"),
        required=False,
        max_length=NAME_LENGTH,
        help_text=_("Only you read it. For example: blue key, work phone."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_credential(self) -> dict[str, Any]:
        """A registration that answers the challenge of this very session."""
        credential = super().clean_credential()
        try:
            auth.parse_registration_response(credential)
            auth.complete_registration(credential)
        except NONSENSE as nonsense:
            raise ValidationError(KEY_FAILED) from nonsense
        except ValidationError as refused:
            raise ValidationError(KEY_FAILED) from refused
        return credential


class KeyForm(CredentialForm):
    """A key's answer to this session's challenge; `clean` leaves the factor's row.

    Without `user` the key itself says whose it is, and must have checked that it is them.
    """

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_credential(self) -> Any:
        credential = super().clean_credential()
        try:
            return self._checked(credential)
        except (*NONSENSE, ValidationError) as refused:
            raise ValidationError(KEY_FAILED) from refused

    def _checked(self, credential: dict[str, Any]) -> Authenticator:
        said = auth.parse_authentication_response(credential)
        # Asked here too: the challenge may come from a page where a touch was enough.
        if self.user is None and not said.response.authenticator_data.is_user_verified():
            raise ValidationError(KEY_FAILED)
        user = self.user or auth.extract_user_from_response(credential)
        return auth.complete_authentication(user, credential)


def challenge(user: User | None) -> dict[str, Any]:
    """Options for the browser; the session remembers the challenge for one answer."""
    options: dict[str, Any] = auth.begin_authentication(user)
    return options


def registration(user: User) -> dict[str, Any]:
    """Options for a new key. One that can check its holder's finger or PIN becomes a passkey."""
    server = auth.get_server()
    options, state = server.register_begin(
        user=auth.build_user_payload(user),
        credentials=auth.get_credentials(user),
        resident_key_requirement=auth.ResidentKeyRequirement.PREFERRED,
        user_verification=auth.UserVerificationRequirement.PREFERRED,
        extensions=auth.EXTENSIONS,
    )
    auth.set_state(state)
    return dict(options)


def default_name(user: User) -> str:
    return str(get_adapter().generate_authenticator_name(user, Authenticator.Type.WEBAUTHN))
