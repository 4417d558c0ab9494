"""The WSGI door for gunicorn: klaviyo_admin.wsgi:application."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from klaviyo_admin.klaviyo.catalogue import operations

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klaviyo_admin.settings")
application = get_wsgi_application()
# Loaded before the first person comes. It lives as long as the process, so the collector of garbage need never walk
# through it again, which took some thirty milliseconds of somebody's page.
reverse("home")
operations()
gc.collect()
gc.freeze()
