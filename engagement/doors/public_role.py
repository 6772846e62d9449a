"""The database role of public pages: it reads what was published and reference data only."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PUBLIC_ROLE = "common_ground_public"


@contextmanager
def as_the_public() -> Iterator[None]:
    """Ask everything inside as the public may; a mistake in a query fails instead of leaking.

    Also for a page that writes otherwise and shows published rows on the way.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {PUBLIC_ROLE}")
        yield
        if is_nested:
            # The role would otherwise last to the end of the outer transaction.
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
