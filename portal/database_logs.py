"""What an outside database server may write into its log: nothing that anyone reported.

By default PostgreSQL repeats a refused row, so a whole report, with the error about it.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

# The values that keep statements, parameters and rows out of the log; the first is advised.
# "invalid input syntax" repeats the value in its very message, hence log_min_messages. What a
# server does not know (the last two are extensions) it cannot log.
QUIET: dict[str, tuple[str, ...]] = {
    "log_min_messages": ("fatal", "panic"),
    "log_min_error_statement": ("panic",),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_duration": ("off",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "auto_explain.log_min_duration": ("-1",),
    "pgaudit.log": ("none", ""),
}


def what_would_quiet(connection: BaseDatabaseWrapper) -> str:
    """The SQL that an administrator of the server must run first, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*QUIET]])
        found: dict[str, str] = dict(cursor.fetchall())
        cursor.execute("SELECT quote_ident(session_user)")
        (login,) = cursor.fetchone()
    return " ".join(
        f"ALTER ROLE {login} SET {name} = '{allowed[0]}';"
        for name, allowed in QUIET.items()
        if name in found and found[name] not in allowed
    )
