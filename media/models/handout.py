"""Documents to take along from a lesson: worksheets, hand-outs."""

from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument

from media.models.private import PrivateFile, PrivateFileField, random_name


class Handout(PrivateFile, AbstractDocument):
    """A document in Wagtail's library, kept where no address leads."""

    door = "blad"

    file = PrivateFileField(_("file"), upload_to=random_name)

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        permissions = [("choose_handout", "Can choose document")]

    def __str__(self) -> str:
        return self.title
