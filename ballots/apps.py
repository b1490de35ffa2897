from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "ballots"
    admin_permissions = ("close_ballotbox", "pass_over", "view_ballot", "view_draw")
