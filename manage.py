#!/usr/bin/env python
"""Django's command line for AIMS. Without DATABASE_URL it speaks to the installation that `make run` keeps here."""

import os
import sys

from django.core.management import execute_from_command_line

from aims.embedded.installation import read_environment
from aims.supervisor import var_directory

if __name__ == "__main__":
    if "DATABASE_URL" not in os.environ:
        for name, value in read_environment(var_directory()).items():
            os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aims.settings")
    execute_from_command_line(sys.argv)
