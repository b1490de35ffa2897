from django.apps import AppConfig


class LotterySiteConfig(AppConfig):
    name = "lottery_site"
