"""Settings of every installation; what differs between them comes from the environment.

The environment is read in portal/environment.py. DEBUG does not exist here: a page with a
traceback would show what someone wrote.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from portal import environment
from portal.database import aliases
from portal.logging import CONFIG
from portal.servers.layout import Layout

ROOT = environment.ROOT
VAR = environment.folder("PORTAL_VAR", Path("var"))
PORTAL_KEYS = environment.keys_folder(VAR)
SERVERS = Layout(var=VAR, keys=PORTAL_KEYS)
EMBEDDED_DATABASE = not environment.text("DATABASE_URL")
QUEUE_URL = environment.broker("REDIS_URL", environment.QUEUE_SCHEMES)
EMBEDDED_BROKER = not QUEUE_URL
# A demonstration unless someone brings a database of their own.
DEMO = environment.flag("PORTAL_DEMO", default=EMBEDDED_DATABASE)
# A demonstration makes its keys at first need. In service a missing key is a fault to be told:
# a new one in its place would leave every stored address unreadable.
KEYS_MAY_BE_MADE = EMBEDDED_DATABASE and DEMO
PROCESS = environment.text("PORTAL_PROCESS", "command")

DEBUG = False
SECRET_KEY = environment.secret("PORTAL_SECRET_KEY", PORTAL_KEYS / "django.key")
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = environment.words("PORTAL_HOSTS") or LOOPBACK
PORT = environment.port("PORT", 8000)
# Links in mails and feeds use this, never the Host header of a request.
ORIGIN = environment.origin(f"http://127.0.0.1:{PORT}" if DEMO else "")
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN else []
TRUSTED_PROXIES = environment.words("PORTAL_TRUSTED_PROXIES")
# Hosts of database and broker that may be reached without TLS: a network of this machine's own.
PLAIN_HOSTS = environment.words("PORTAL_PLAIN_HOSTS")
# Whoever presents this reads /metrics; without it nobody does.
METRICS_TOKEN = environment.text("PORTAL_METRICS_TOKEN")
# /health/ready says no when mail, clock or the sealing of history are behind by more than this.
READY_OLDEST_DUE = timedelta(minutes=10)
READY_LAST_SWEEP = timedelta(minutes=5)
READY_SEALER = timedelta(minutes=10)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "crispy_forms",
    "django_htmx",
    "js_lib_leaflet",
    "engagement.keys",
    "engagement.audit",
    "engagement.places",
    "engagement.people",
    "engagement.doors",
    "engagement.outbox",
    "engagement.groups",
    "concerns.published",
    "concerns.subscriptions",
    "concerns",
    "meetings",
    "portal",
]

MIDDLEWARE = [
    # First: nothing below may see a network address.
    "engagement.doors.middleware.ClientPseudonym",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "engagement.doors.middleware.SecurityHeaders",
    "portal.figures.CountAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before anything that reads a body, as the next one does.
    "engagement.doors.challenging.ChallengeFirst",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "engagement.people.middleware.FactorOfSession",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last: it decides with the user, the language and the matched route at hand.
    "engagement.doors.middleware.Guard",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "engagement.doors.context.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("civic",)
CRISPY_TEMPLATE_PACK = "civic"

DATABASES = aliases(SERVERS, process=PROCESS)
# Signed heads of the audit chain are also written here, outside the database that they are of. A
# drill in a second database must never write among the heads of the first.
AUDIT_HEADS = VAR / "audit" / quote(DATABASES["owner"]["NAME"], safe="")
DATABASE_ROUTERS = ["portal.database.Migrations"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "engagement.doors.cache.PatientCache",
        "LOCATION": (
            SERVERS.cache_url
            if EMBEDDED_BROKER
            else environment.broker("CACHE_URL", environment.CACHE_SCHEMES)
        ),
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.5},
    }
}
BROKER_URL = QUEUE_URL or SERVERS.queue_url

# Several portals, such as test runs, can share one broker.
QUEUE_PREFIX = environment.text("PORTAL_QUEUE_PREFIX")

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "engagement.doors.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
# Only until the browser closes: a mark that lasts would recognize a device.
CSRF_COOKIE_AGE = LANGUAGE_COOKIE_AGE = None
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if DEMO else int(timedelta(days=365).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO
# Browsers bind a __Host- cookie to this very host; it needs https, which a laptop lacks.
COOKIE_PREFIX = "cg_" if DEMO else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# X-Frame-Options stands with our other headers, and the front sends http to https. Subdomains and
# preloading are the agency's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W005", "security.W008", "security.W021"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [ROOT / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = environment.folder("PORTAL_STATIC", VAR / "static")
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "data" / "media"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# No page takes a file unless it asks for photos or a table; no file that came in has a name.
FILE_UPLOAD_HANDLERS = [
    "engagement.doors.tables.TableUploads",
    "engagement.doors.pictures.uploads.PhotoUploads",
]

EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = "Common Ground <portal@demo.invalid>"
MAIL_SERVER = environment.url(
    "EMAIL_URL",
    dict.fromkeys(["smtp", "smtps", "smtp+tls"], "smtp+tls://user:password@host:587?from=a@b.gov"),
)
if MAIL_SERVER:
    globals().update(environment.mail(MAIL_SERVER))
elif DEMO:
    EMAIL_BACKEND = "engagement.outbox.channels.folder.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"

# Answers to mails go to this address with a token behind a plus sign; its mail server hands them to
# the command receive_mail. Without it nothing asks for answers by mail.
MAIL_IN_ADDRESS = environment.text("MAIL_IN_ADDRESS")

# Where texts are handed over, with a token of the gateway's; a demonstration writes them down.
TEXT_SERVER = environment.url("TEXT_URL", {"https": "https://gateway.example/messages"})
TEXT_URL = TEXT_SERVER.geturl() if TEXT_SERVER else ""
TEXT_TOKEN = environment.text("TEXT_TOKEN")
TEXT_SENDER = environment.text("TEXT_SENDER")
# The gateway signs with this what people answer, such as STOP; without it the door is closed.
TEXT_ANSWERS_KEY = environment.text("TEXT_ANSWERS_KEY")
TEXT_FOLDER = VAR / "texts" if DEMO and not TEXT_URL else None

# A translator of the agency's own, with the API of LibreTranslate. Without it nothing is offered.
TRANSLATOR_SERVER = environment.url(
    "TRANSLATOR_URL", {"https": "https://translate.example/translate"}
)
TRANSLATOR_URL = TRANSLATOR_SERVER.geturl() if TRANSLATOR_SERVER else ""
TRANSLATOR_KEY = environment.text("TRANSLATOR_KEY")

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["engagement.doors.api.ClosedByDefault"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "rest_framework.views.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Common Ground",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# The keyed pseudonym of the address; the address itself is in no column.
ACCOUNT_USER_MODEL_EMAIL_FIELD = "sign_in_key"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
# A stranger's address is kept nowhere, so nothing can be sent to it.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_ADAPTER = "engagement.people.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "engagement.people.forms.SignInForm",
    "signup": "engagement.people.forms.SignUpForm",
    "reset_password": "engagement.people.forms.ForgottenPasswordForm",
    "reset_password_from_key": "engagement.people.forms.NewPasswordForm",
    "change_password": "engagement.people.forms.ChangePasswordForm",
}
# Signing in lasts as long as the browser is open, on shared computers above all.
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords are counted by account and visitor in engagement/people/attempts.py: a limit by
# account alone would let anybody lock an officer out.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip", "reset_password": "20/m/ip,3/h/key"}
MFA_ADAPTER = "engagement.people.factor_adapter.FactorAdapter"
# Lost factors are replaced by a second administrator; a list of codes in a drawer would be one more
# password.
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# A staff session is trusted for a shift after its second factor; some steps want a new one.
FACTOR_LASTS = timedelta(hours=12)
# Only a demonstration may ask a directory on this very machine, for trying it out.
OUTBOUND_LOOPBACK: bool = DEMO and environment.flag("PORTAL_OUTBOUND_LOOPBACK", default=False)
# How long the operator keeps a backup; residents read it where they erase what is held of them.
BACKUP_DAYS = environment.days("PORTAL_BACKUP_DAYS", 35)
FACTOR_IS_RECENT = timedelta(minutes=15)
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=2).total_seconds())
CSRF_FAILURE_VIEW = "engagement.doors.errors.csrf_failure"

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = CONFIG
