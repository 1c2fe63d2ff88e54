"""What long lists are narrowed by."""

from datetime import date, timedelta
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from certification.models import Award
from courses.models import Course

SOON = timedelta(days=90)


class AwardFilter(filters.FilterSet):
    """Certificates by course, by what they are worth on `today`, and by number or name in the group."""

    q = filters.CharFilter(label=_("Number or name in the group"), method="by_words", max_length=60)
    course = filters.ModelChoiceFilter(
        label=_("Course"), queryset=Course.objects.none(), method="by_course", empty_label=_("all")
    )
    state = filters.ChoiceFilter(
        label=_("Today"),
        method="by_state",
        empty_label=_("all"),
        choices=[
            ("valid", _("valid")),
            ("soon", _("expires within 90 days")),
            ("expired", _("expired")),
            ("revoked", _("withdrawn")),
        ],
    )

    class Meta:
        model = Award
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, courses: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["course"].queryset = courses
        self.filters["course"].field.queryset = courses

    def by_words(self, awards: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        words = value.replace("\x00", "").strip()
        year, _dash, number = words.partition("-")
        if year.isdecimal() and number.isdecimal() and len(words) < 16:  # noqa: PLR2004 -- what fits a column
            return awards.filter(serial_year=int(year), serial_number=int(number))
        return awards.filter(enrolment__alias__icontains=words)

    def by_course(self, awards: QuerySet[Award], name: str, value: Course) -> QuerySet[Award]:
        return awards.filter(course_key=value.key)

    def by_state(self, awards: QuerySet[Award], name: str, value: str) -> QuerySet[Award]:
        if value == "revoked":
            return awards.filter(status=Award.Status.REVOKED)
        if value == "expired":
            return awards.filter(status=Award.Status.VALID, valid_until__lt=self.today)
        counting = awards.filter(pk__in=Award.objects.counting_on(self.today).values("pk"))
        if value == "soon":
            return counting.filter(Q(valid_until__lte=self.today + SOON))
        return counting
