"""What the second-factor library may do and know here: no address, no secret in plain."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext

from engagement.people.models import User


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Names accounts by the name that colleagues read; an account of ours has no other."""

    def get_totp_label(self, user: User) -> str:
        return str(user)

    def get_totp_issuer(self) -> str:
        return gettext("Common Ground")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": gettext("Common Ground")}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": str(user), "display_name": str(user)}

    def encrypt(self, text: str) -> str:
        # A secret is sealed for its account in factor_secrets; the library cannot say for whom.
        raise LookupError("a secret would be stored unbound")

    def decrypt(self, encrypted_text: str) -> str:
        raise LookupError("secrets are opened in factor_secrets")
