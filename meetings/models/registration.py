from django.db import models

from .meeting import Meeting
from .place import Place, place_constraints


class Registration(Place):
    """Somebody's place in a meeting.

    In a group's meeting everybody of the group is in without a row; a row says that somebody cannot come this time.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="places")

    class Meta:
        constraints = place_constraints("registration", "meeting")

    def __str__(self) -> str:
        return f"{self.meeting} {self.status}"

    def is_signed_off(self, meeting: Meeting) -> bool:
        """Whether it says that somebody cannot come to this meeting of their group (`meeting`, which it is a place in)."""
        return meeting.cohort_id is not None and self.status == self.Status.CANCELLED

    @property
    def host(self) -> Meeting:
        return self.meeting
