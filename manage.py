#!/usr/bin/env python
"""The operators' entrance: python manage.py help lists the commands."""

import os
import sys


def main() -> None:
    """Run one command; a setting that cannot be used ends it with one clear line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        settings.configured or settings.INSTALLED_APPS  # noqa: B018  load them now, not half-way
    except ImproperlyConfigured as error:
        sys.exit(f"Settings: {error}")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        if isinstance(error, ProgrammingError) and "does not exist" not in str(error):
            raise
        sys.exit(
            f"The database of DATABASE_URL does not answer as it should: {error}\n"
            "Where it has no tables yet, run manage.py prepare_database."
        )


if __name__ == "__main__":
    main()
