"""The web process's entry."""

import os
from importlib import import_module

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from aims import gate

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aims.settings")
django.setup()
import_module(settings.ROOT_URLCONF)  # what takes its time: every view, form and resource
gate.wait()
application = get_wsgi_application()  # its middleware lists the static files, which are gathered by now
