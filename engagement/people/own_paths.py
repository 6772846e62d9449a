"""Where a page may lead on to: paths of this portal, and nothing that only looks like one."""

from django.utils.http import url_has_allowed_host_and_scheme


def is_own_path(url: str | None) -> bool:
    return (
        url is not None
        and url.startswith("/")
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    )
