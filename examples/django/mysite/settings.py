import os
from pathlib import Path

import django

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = False
# For the example alone: a real site has a secret of its own.
SECRET_KEY = os.environ.get("SECRET_KEY", "not a secret")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "mysite" / "templates"],
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "mysite" / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"

# Django's own storage gives the files names with their hash, and leaves it to wn-compress to compress
# them. WhiteNoise's CompressedManifestStaticFilesStorage would do both.
STATICFILES_BACKEND = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
if django.VERSION >= (4, 2):
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": STATICFILES_BACKEND},
    }
else:
    STATICFILES_STORAGE = STATICFILES_BACKEND

USE_TZ = True
