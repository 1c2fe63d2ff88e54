"""What pages do not say themselves."""

from django.db import models


class TextKey(models.Model):
    """The key by which the text of a programme names a page, an activity or a worksheet's question.

    Identities are made from keys and cannot be turned back. Written by loading, read by exporting; nothing else hangs
    on it, and a row may outlive what it names.
    """

    identity = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.key
