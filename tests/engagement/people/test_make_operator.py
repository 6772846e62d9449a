import io

import pytest
from django.core.management import CommandError, call_command

from engagement.outbox.models import Message
from engagement.people.models import User

pytestmark = pytest.mark.django_db


def test_the_operator_is_invited_and_the_address_is_not_repeated() -> None:
    out = io.StringIO()
    call_command("make_operator", "chief@staff.example", "--name", "Chief", stdout=out)
    user = User.objects.get()
    assert user.is_superuser
    assert not user.has_usable_password()
    assert Message.objects.get().contact_id == user.contact_id
    assert "chief@" not in out.getvalue()


@pytest.mark.parametrize("email", ["chief", "chief@staff.example"])
def test_a_wrong_or_taken_address_makes_no_account(email: str) -> None:
    if "@" in email:
        call_command("make_operator", email, "--name", "Chief", stdout=io.StringIO())
    before = User.objects.count()
    with pytest.raises(CommandError):
        call_command("make_operator", email, "--name", "Chief")
    assert User.objects.count() == before
