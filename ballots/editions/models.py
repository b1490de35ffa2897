"""The edition of all that public pages show of the rows."""

from django.db import models


class Edition(models.Model):
    """Another row, with a random key, whenever a row that public pages show has changed.

    Triggers of the database write it (triggers.py), whoever changes what. There are several where
    transactions ended at the same time: none waits for another, and their keys together are what
    tells one state from another. With no row nothing is known, and nothing is kept.
    """

    id = models.UUIDField(primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"edition {self.id}"
