"""Rewrites sealed rows under new keys, batch by batch; each batch is a transaction of rekey."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from engagement.people.factor_secrets import opened_secret, sealed_secret
from engagement.people.identity import account_key, reason_sealed_anew, sealed_anew
from engagement.people.models import Contact, IdentityRead, User


def rekey_contacts(after_id: int, limit: int) -> int:
    """Seal and hash the next addresses anew; returns the last id looked at."""
    rows = Contact.objects.select_for_update().filter(pk__gt=after_id).order_by("pk")[:limit]
    for contact in rows:
        if sealed_anew(contact):
            contact.save(update_fields=["ciphertext", "lookup", "wishes"])
        after_id = contact.pk
    return after_id


def rekey_reasons(after_id: int, limit: int) -> int:
    rows = IdentityRead.objects.select_for_update().filter(pk__gt=after_id).order_by("pk")[:limit]
    for read in rows:
        reason_sealed_anew(read)
        read.save(update_fields=["reason"])
        after_id = read.pk
    return after_id


def rekey_accounts(after_id: int, limit: int) -> int:
    """Give the next accounts the sign-in key of the new version, in both tables that hold it."""
    rows = (
        User.objects.select_for_update(of=("self",))
        .filter(pk__gt=after_id)
        .select_related("contact")
        .order_by("pk")[:limit]
    )
    for user in rows:
        after_id = user.pk
        if user.contact is None or not user.contact.ciphertext:
            continue
        old, new = user.sign_in_key, account_key(user.contact)
        EmailAddress.objects.filter(user=user, email=old).update(email=new)
        User.objects.filter(pk=user.pk).update(sign_in_key=new)
    return after_id


def rekey_factors(after_id: int, limit: int) -> int:
    """Seal the secrets of the next authenticator apps anew."""
    rows = (
        Authenticator.objects.select_for_update()
        .filter(pk__gt=after_id, type=Authenticator.Type.TOTP)
        .order_by("pk")[:limit]
    )
    for row in rows:
        secret = opened_secret(row.data["secret"], user_id=row.user_id)
        row.data["secret"] = sealed_secret(secret, user_id=row.user_id)
        row.save(update_fields=["data"])
        after_id = row.pk
    return after_id
