from django.apps import AppConfig


class LotteriesConfig(AppConfig):
    name = "lotteries"
    admin_permissions = ("add_lottery", "delete_lottery", "view_lottery")
