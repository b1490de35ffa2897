"""How far those who took part in a drawn lottery have been told."""

from django.db import models
from django.db.models import Q


class ResultsMailing(models.Model):
    """Made with the draw, and moved on with each batch of mails: nobody is told twice, or never."""

    draw = models.OneToOneField("ballots.Draw", on_delete=models.PROTECT, primary_key=True)
    # In the order of their codes. NULL: nobody yet.
    last_participant = models.UUIDField(null=True)
    # NULL: there may be more to tell.
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(name="resultsmailing_undone", fields=["draw"], condition=Q(done_at=None))
        ]

    def __str__(self) -> str:
        return f"results of {self.draw}"
