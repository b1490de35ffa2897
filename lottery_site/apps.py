from django.apps import AppConfig


class LotterySiteConfig(AppConfig):
    name = "lottery_site"

    def ready(self) -> None:
        from lottery_site import checks  # noqa: F401  registers them
