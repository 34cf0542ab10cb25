"""Settings of the tests: the product's own, with a sample kind beside it, quick password hashes and own places."""

import os
import tempfile
from pathlib import Path

from aims.settings import *  # noqa: F403
from aims.settings import INSTALLED_APPS, REDIS_URL, SPECTACULAR_SETTINGS, STORAGES

# A kind made for tests alone, so that the kernel is tested without any app of the product.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample"]

INSTALLATION_KIND = "test"
# Every test process has its own files and cache keys.
VAR = Path(os.environ.get("AIMS_TEST_VAR") or tempfile.mkdtemp(prefix="aims-test-"))
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(VAR / "files")}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
CACHES = {
    "default": {
        "BACKEND": "aims.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"test-{os.getpid()}",
    }
}
# The product's algorithm with the least work, for speed.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SPECTACULAR_SETTINGS = {**SPECTACULAR_SETTINGS}
