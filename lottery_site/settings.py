"""Settings of the site. Each value that differs between sites comes from the environment."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from csp.constants import NONE, SELF

from accounts.shared.texts import canonical_username
from lotteries import bounds
from lottery_site import values, waits
from lottery_site.environment import Environment
from lottery_site.values import whole_number

BASE_DIR = Path(__file__).resolve().parent.parent

# ENV_FILE is what cron's jobs are given: cron starts them with an empty environment.
ENVIRONMENT = Environment(BASE_DIR / ".env")
read, read_secret = ENVIRONMENT.read, ENVIRONMENT.read_secret

DATA_DIR = read("DATA_DIR", "var", values.folder(BASE_DIR), "a folder that the site may write to")
CRON_ENVIRONMENT_FILE = DATA_DIR / "cron.env"
CRON_LOG_FILE = DATA_DIR / "cron.log"

# --- This site

PROJECT_NAME = read(
    "PROJECT_NAME", "Lottery Site", values.short_text(1, 100), "a name of 1 to 100 characters"
)
BIND_ADDRESS = read(
    "BIND_ADDRESS",
    "127.0.0.1",
    values.ip_address,
    "an IPv4 address of this machine: 127.0.0.1, or 0.0.0.0 for all that it has",
)
PORT = read("PORT", "8000", whole_number(1, 65535), "a port from 1 to 65535, for example 8000")
SITE_URL = read(
    "SITE_URL",
    f"http://localhost:{PORT}",
    values.site_url,
    "the address people type, without a path: https://lottery.example.org",
)
WEB_CONCURRENCY = read(
    "WEB_CONCURRENCY", "2", whole_number(1, 64), "a number of web processes from 1 to 64"
)
TIME_ZONE = read(
    "TIME_ZONE",
    "UTC",
    values.time_zone,
    "a time zone of the IANA database, for example Europe/Amsterdam",
)
MAX_BALLOTS_PER_SUBMISSION = read(
    "MAX_BALLOTS_PER_SUBMISSION", "100", whole_number(1, 10_000), "a whole number from 1 to 10000"
)
LOTTERIES_AHEAD = read(
    "LOTTERIES_AHEAD",
    "0",
    whole_number(0, 366),
    "a whole number of days from 0 (admins create the lotteries) to 366",
)
LOTTERY_PRIZE = ENVIRONMENT.read_text(
    "LOTTERY_PRIZE",
    values.lines(bounds.LONGEST_PRIZE),
    f"a text of at most {bounds.LONGEST_PRIZE} characters that can be seen",
)
LOTTERY_TERMS = ENVIRONMENT.read_text(
    "LOTTERY_TERMS",
    values.lines(bounds.LONGEST_TERMS),
    f"a text of at most {bounds.LONGEST_TERMS} characters that can be seen",
)
LOTTERY_PLACES = read(
    "LOTTERY_PLACES",
    "1",
    whole_number(1, bounds.MOST_PLACES),
    f"a whole number from 1 to {bounds.MOST_PLACES}",
)
LOTTERY_BALLOTS_EACH = read(
    "LOTTERY_BALLOTS_EACH",
    "0",
    whole_number(0, bounds.MOST_BALLOTS_EACH),
    f"a whole number from 0 (no limit) to {bounds.MOST_BALLOTS_EACH}",
)
LOTTERY_CLAIM_DAYS = read(
    "LOTTERY_CLAIM_DAYS",
    "0",
    whole_number(0, bounds.MOST_CLAIM_DAYS),
    f"a whole number of days from 0 (no deadline) to {bounds.MOST_CLAIM_DAYS}",
)
DRAW_BEACON = read(
    "DRAW_BEACON",
    "none",
    values.draw_beacon,
    "none or drand; drand needs: pip install --requirement requirements-drand.txt",
)
BEACON_DELAY = read(
    "BEACON_DELAY",
    "600",
    whole_number(3, 86400),
    "a whole number of seconds from 3 to 86400",
)
BEACON_RELAYS = read(
    "BEACON_RELAYS",
    "https://api.drand.sh,https://api2.drand.sh,https://api3.drand.sh,https://drand.cloudflare.com",
    values.site_urls,
    "addresses of drand relays without a path, separated by commas: https://api.drand.sh",
)
BEACON_WAIT = read(
    "BEACON_WAIT", "60", whole_number(0, 3600), "a whole number of seconds from 0 to 3600"
)
CLAIM_MESSAGE_DAYS = read(
    "CLAIM_MESSAGE_DAYS", "90", whole_number(1, 3650), "a whole number of days from 1 to 3650"
)
ACCESS_TOKEN_EXPIRE_MINUTES = read(
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "1440",
    whole_number(1, 525_600),
    "a whole number of minutes from 1 to 525600",
)
REGISTER_RATE = read("REGISTER_RATE", "240/m", values.rate, "a rate like 600/m or 100/s")
LOGIN_RATE = read("LOGIN_RATE", "300/m", values.rate, "a rate like 600/m or 100/s")
SUBMISSION_RATE = read("SUBMISSION_RATE", "100/s", values.rate, "a rate like 600/m or 100/s")
LOTTERY_ADMIN_USERNAME = read(
    "LOTTERY_ADMIN_USERNAME",
    "admin",
    values.short_text(3, 50, canonical_username),
    "a username of 3 to 50 characters",
)
LOTTERY_ADMIN_EMAIL = read(
    "LOTTERY_ADMIN_EMAIL",
    "admin@localhost",
    values.email_address,
    "an e-mail address, for example admin@example.org",
)
LOTTERY_ADMIN_PASSWORD = read_secret("LOTTERY_ADMIN_PASSWORD", "", str, "a password")

# --- Django

DEBUG = read("DEBUG", "false", values.boolean, "true or false")
SECRET_KEY = read_secret(
    "SECRET_KEY",
    "",
    values.secret_key(DATA_DIR / "secret_key"),
    "at least 32 random characters, or unset: then DATA_DIR/secret_key has them",
)

INSTALLED_APPS = [
    # First: it makes the permissions that accounts grants to the admins' group.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "lottery_site",
    "accounts",
    "lotteries",
    "ballots",
    "django.contrib.admin",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "ninja",
    "csp",
    "django_crontab",
]
MIDDLEWARE = [
    "lottery_site.methods.MethodsMiddleware",
    # Around all that an answer from memory need not pass: that is kept with its headers.
    "lottery_site.keeping.KeepMiddleware",
    # What sets headers is around whatever may answer: refusals have the headers of all others.
    "lottery_site.policy.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lottery_site.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lottery_site.api.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lottery_site.caching.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lottery_site.bodies.ChunksMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.users.UserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lottery_site.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "lottery_site.urls"
WSGI_APPLICATION = "lottery_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lottery_site.context_processors.site",
            ],
            "builtins": ["lottery_site.templatetags.quick"],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": read_secret(
        "DATABASE_URL",
        f"sqlite:///{quote(str(DATA_DIR / 'lottery.sqlite3'))}",
        values.database(BASE_DIR),
        "sqlite:///var/lottery.sqlite3 or postgres://user:password@host:5432/database, "
        "with %2F for a / in the password, %3F for ?, %23 for # and %40 for @; behind a ? stands "
        "what docs/settings.md lists, if anything",
    )
}
if standby := read_secret(
    "DATABASE_STANDBY_URL",
    "",
    values.standby(DATABASES["default"]["ENGINE"]),
    "the address of a standby of the PostgreSQL in DATABASE_URL, with the same parts",
):
    DATABASES["standby"] = standby | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["lottery_site.standby.StandbyRouter"]
if DATABASES["default"]["ENGINE"] == values.SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that will write takes the write lock when it begins: it may wait for it,
        # but it can never find out half-way that another writer was first.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
    }
    # A file, because threads of a test cannot wait for each other's locks in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
for database in DATABASES.values():
    if database["ENGINE"] == values.POSTGRESQL:
        database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    database["OPTIONS"]["waits"] = waits.COMMAND  # wsgi.py has those of the web

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = read(
    "STATIC_ROOT",
    str(DATA_DIR / "static"),
    lambda text: BASE_DIR / text,
    "a folder for the collected static files",
)
STATICFILES_DIRS = [BASE_DIR / "static"]

LANGUAGE_CODE = "en"
USE_TZ = True

MAIL_SERVER = read_secret(
    "EMAIL_URL",
    "consolemail://",
    values.mail,
    "smtp+tls://user:password@host:587, smtp://host:25 or consolemail://, "
    "with %2F for a / in the password, %3F for ?, %23 for # and %40 for @",
)
vars().update(MAIL_SERVER)
SENDS_MAIL = MAIL_SERVER["EMAIL_BACKEND"] != "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 30  # seconds
DEFAULT_FROM_EMAIL = read(
    "DEFAULT_FROM_EMAIL",
    "lottery@localhost",
    values.sender,
    "an e-mail address, alone or behind a name: Lottery <lottery@example.org>",
)

# --- Accounts

AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "accounts.sessions.store"
PASSWORD_HASHERS = ["accounts.hashing.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"accounts.passwords.{validator}"}
    for validator in (
        "SimilarityValidator",
        "MinimumLengthValidator",
        "MaximumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "ballots:home"
LOGOUT_REDIRECT_URL = "ballots:home"

# --- Transport

IS_HTTPS = SITE_URL.startswith("https://")
# gunicorn speaks plain HTTP, so an https:// site has a proxy in front of it.
TRUSTED_PROXIES = read(
    "TRUSTED_PROXIES",
    "1" if IS_HTTPS else "0",
    whole_number(0, 9),
    "the number of proxies in front of the site, from 0 to 9",
)
# The site is at the root of its address, whatever a header says: addresses are kept as made once.
FORCE_SCRIPT_NAME = ""
ALLOWED_HOSTS = [str(urlsplit(SITE_URL).hostname), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = IS_HTTPS
PROBES = r"^(api/)?(health|ping)/?$"  # asked from inside, past the proxy
SECURE_REDIRECT_EXEMPT = [PROBES]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}
CSRF_FAILURE_VIEW = "lottery_site.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# --- Schedule

# Every UTC offset in use is a multiple of 15 minutes, so one of these runs is at local midnight.
CRONJOBS = [("*/15 * * * *", "django.core.management.call_command", ["close_lotteries"])]
CRONTAB_EXECUTABLE = "crontab"
CRONTAB_DJANGO_MANAGE_PATH = str(BASE_DIR / "manage.py")
CRONTAB_COMMENT = f"lottery site in {BASE_DIR}"  # two sites of one user keep apart

# --- Logs: to standard error, where gunicorn, cron's log and containers keep them

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {
        "in_a_line": {"()": "lottery_site.logs.InALine"},
        "seldom": {"()": "lottery_site.logs.Seldom"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["in_a_line"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # What clients did wrong is told to them alone: from 500 on it is an error of the site.
        "django.request": {"level": "ERROR", "filters": ["seldom"]},
        "django.security": {"level": "CRITICAL"},
        "lottery_site": {"level": "INFO"},
        "accounts.mail.senders": {"filters": ["seldom"]},
        "accounts.mail.sending": {"filters": ["seldom"]},
        "ballots.health": {"filters": ["seldom"]},
    },
}

ENVIRONMENT.refuse_unknown_names()  # now that all names have been read
