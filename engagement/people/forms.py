"""Sign-in, sign-up and password forms: addresses are turned into sign-in keys while cleaning."""

import time
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.internal.userkit import filter_users_by_email
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from engagement.people.accounts import known_key, lock_key
from engagement.people.models import User

ADDRESS_LENGTH = 254
RESET_TAKES_SECONDS = 0.1


def address_field(autocomplete: str) -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=ADDRESS_LENGTH,
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete}),
    )


def password_field(field: forms.Field, label: Any, hint: Any = "") -> None:
    """Put our words on a password field of the library."""
    field.label = label
    field.help_text = hint
    field.widget.attrs.pop("placeholder", None)
    field.error_messages["required"] = _("Enter a password.")


NEW_PASSWORD_HINT = _(
    "At least 12 characters. A few words that only you would put together work well."
)


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = address_field("username")
        password_field(self.fields["password"], _("Password"))
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return known_key(self.cleaned_data["login"])


class SignUpForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """`address` holds what was typed, for the one moment until it is sealed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = ""
        self.fields["email"] = address_field("email")
        password_field(self.fields["password1"], _("Password"), NEW_PASSWORD_HINT)
        password_field(self.fields["password2"], _("Password again"))
        self.order_fields(["email", "password1", "password2"])

    def clean_email(self) -> str:
        # Not in the adapter: the library passes stored keys through its clean_email as well.
        self.address = self.cleaned_data["email"]
        return str(self.validate_unique_email(known_key(self.address)))

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponseBase | None]:
        """Create the account, or tell the owner of the address that there is one already."""
        key = self.cleaned_data["email"]
        lock_key(key)
        if User.objects.filter(sign_in_key=key).exists():
            self.account_already_exists = True
        saved: tuple[User | None, HttpResponseBase | None] = super().try_save(request)
        return saved


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field("email")

    def clean_email(self) -> str:
        key = known_key(self.cleaned_data["email"])
        self.users = filter_users_by_email(key, is_active=True, for_login=True)
        return key

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Everybody waits alike: writing the mail would tell that there is an account."""
        over = time.monotonic() + RESET_TAKES_SECONDS
        key: str = super().save(request, **kwargs)
        time.sleep(max(over - time.monotonic(), 0))
        return key


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password_field(self.fields["password1"], _("New password"), NEW_PASSWORD_HINT)
        password_field(self.fields["password2"], _("New password again"))


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password_field(self.fields["oldpassword"], _("Current password"))
        password_field(self.fields["password1"], _("New password"), NEW_PASSWORD_HINT)
        password_field(self.fields["password2"], _("New password again"))
