"""What gunicorn serves."""

import os

import django
from django.conf import settings

from accounts.shared.turns import Turns
from lottery_site import waits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")
django.setup(set_prefix=False)

from lottery_site.keeping import SiteHandler  # noqa: E402  its models need the site
from lottery_site.standby import STANDBY, StandbyHandler  # noqa: E402

application = SiteHandler()
Turns.most = 2  # one more than can have a lock
for database in settings.DATABASES.values():
    database["OPTIONS"]["waits"] = waits.WEB
if STANDBY in settings.DATABASES:
    application = StandbyHandler(application)  # type: ignore[assignment]
