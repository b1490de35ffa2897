from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LotteriesConfig(AppConfig):
    name = "lotteries"
    admin_permissions = ("add_lottery", "add_note", "delete_lottery", "view_lottery")

    def ready(self) -> None:
        from lotteries.guards import guard_the_notes

        post_migrate.connect(guard_the_notes, sender=self)
