from django.db import models


class Lease(models.Model):
    """Who may do a piece of work that must run once at a time, such as the clock. Take it with `people.services.leases`."""

    name = models.CharField(max_length=60, primary_key=True)
    holder = models.CharField(max_length=60)
    until = models.DateTimeField()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.name
