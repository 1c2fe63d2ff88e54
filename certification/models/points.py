"""Study points: what an award brought for which register, and under which number a register knows somebody."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.models.award import Award
from certification.models.scheme import Accreditation, Register
from courses.models import Cohort


class Points(models.Model):
    """What one award brought for one register. Frozen with it; counts while the award does."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="points")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="+")
    # It is not deleted while this stands here (`Accreditation.delete`): the files for its register are made of it.
    accreditation = models.ForeignKey(
        Accreditation, null=True, on_delete=models.SET_NULL, related_name="points_earned"
    )
    accreditation_number = models.CharField(max_length=40)
    category = models.CharField(max_length=60, blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=1)
    # Net minutes taken part: online and attended.
    minutes = models.PositiveIntegerField()
    earned_on = models.DateField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["earned_on", "pk"]
        constraints = [
            # A second row would count the same course twice.
            models.UniqueConstraint(
                fields=["award", "accreditation_number", "register"], name="certification_points_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.register} {self.points}"


class RegisterNumber(models.Model):
    """The number under which a register knows somebody, and since when their period runs."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="register_numbers"
    )
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="numbers")
    number = models.CharField(_("number in the register"), max_length=30)
    period_from = models.DateField(_("my period began on"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["register__name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "register"], name="certification_registernumber_once"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class Edition(models.Model):
    """The number under which a register knows one group's run of an accredited course (*uitvoering*)."""

    accreditation = models.ForeignKey(Accreditation, on_delete=models.CASCADE, related_name="editions")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="editions")
    number = models.CharField(_("number of this run"), max_length=40)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["accreditation", "cohort"], name="certification_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.accreditation} {self.number}"
