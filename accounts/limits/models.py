"""What is counted."""

from django.db import models


class Count(models.Model):
    """How often somebody did something in the period that runs for them.

    A row goes only when its period is over: nobody resets a count by making many others.
    """

    kind = models.CharField(max_length=30)
    # An HMAC of the account, e-mail address or network: here they are nobody's to read.
    who = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    # Unix seconds: one number that both databases compare alike in the statement that counts.
    ends_at = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="one_count_each", fields=["kind", "who"])]

    def __str__(self) -> str:
        return f"{self.count} of {self.kind}"
