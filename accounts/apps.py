from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    # What a Lottery admin may do here. Each app declares its own; accounts/groups.py collects them.
    admin_permissions = (
        "add_user",
        "change_user",
        "view_user",
        "view_auditentry",
        "view_mail",
        "send_mail_again",
    )

    def ready(self) -> None:
        from accounts.audit.guards import guard_the_log
        from accounts.groups import grant_admin_permissions

        post_migrate.connect(grant_admin_permissions)
        post_migrate.connect(guard_the_log, sender=self)
