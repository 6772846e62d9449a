"""A portal in service, as far as one machine can be one: everything but its own https.

Cookies with the prefix __Host- need https; without it a browser drops them. All else is what an
agency runs: no demonstration, so staff need a second factor.
"""

from portal.settings import *  # noqa: F403

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "session", "csrf", "language"
