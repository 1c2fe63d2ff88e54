"""Under which number a register knows somebody, and a group's run."""

from datetime import date

from certification.models import Accreditation, Edition, Register, RegisterNumber
from certification.registers import edition_number, register_number
from courses.models import Cohort
from people.models import User


def keep_number(*, user: User, register: Register, typed: str, period_from: date | None) -> RegisterNumber:
    """Keep somebody's number as the register writes it, in place of the one before. Raises `WrongNumber`."""
    number = register_number(register, typed)
    kept, _made = RegisterNumber.objects.update_or_create(
        user=user, register=register, defaults={"number": number, "period_from": period_from}
    )
    return kept


def forget_number(*, user: User, register: Register) -> None:
    """Forget somebody's number. What they earned stays."""
    RegisterNumber.objects.filter(user=user, register=register).delete()


def keep_edition(*, accreditation: Accreditation, cohort: Cohort, number: str) -> Edition:
    """Keep the number under which a register knows one group's run. Raises `WrongNumber`."""
    kept, _made = Edition.objects.update_or_create(
        accreditation=accreditation, cohort=cohort, defaults={"number": edition_number(number)}
    )
    return kept
