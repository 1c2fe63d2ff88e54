"""What tests need to exist, by app from the bottom floor up. Unsurprising: no hidden rows, no randomness that matters."""

import datetime
import uuid
from types import SimpleNamespace

import factory
from django.contrib.auth.hashers import make_password

from courses.activities import draw, kind_of
from courses.activities.statements import Reported
from courses.queries.progress import tries_made
from courses.rules import fingerprint, next_try

PASSWORD = "een-goed-geheim-42"


# --- people ---------------------------------------------------------------------------------------------------------
class PersonFactory(factory.django.DjangoModelFactory):
    """Somebody with an account, a verified e-mail address and `PASSWORD`."""

    class Meta:
        model = "people.User"
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"persoon{number}@example.org")
    alias = factory.Sequence(lambda number: f"Persoon {number}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **kwargs: object) -> None:
        if create and extracted is not False:
            EmailAddressFactory(user=self, email=self.email)


class EmailAddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "account.EmailAddress"

    verified = True
    primary = True


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "people.Organisation"

    name = factory.Sequence(lambda number: f"Organisatie {number}")
    slug = factory.Sequence(lambda number: f"organisatie-{number}")


class MembershipFactory(factory.django.DjangoModelFactory):
    """The bare row; a role with its group is given by `people.services.roles.grant_role`."""

    class Meta:
        model = "people.Membership"

    user = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "trainee"


# --- courses --------------------------------------------------------------------------------------------------------
class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "courses.Programme"

    key = factory.Sequence(lambda number: f"programma-{number}")
    name = factory.Sequence(lambda number: f"Programma {number}")
    neutral_name = "Avondcursus"
    organisation = factory.SubFactory(OrganisationFactory)
    audience = "ervaringsmaatjes"


class TaughtFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    key = factory.LazyFunction(uuid.uuid4)
    short_key = factory.Sequence(lambda number: f"k{number:07d}")
    source_locale = "nl"


class CourseFactory(TaughtFactory):
    class Meta:
        model = "courses.Course"

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda number: f"Cursus {number}")
    discreet_title = "Avondcursus"
    hours_label = "online deel"


class SessionFactory(TaughtFactory):
    class Meta:
        model = "courses.Session"

    course = factory.SubFactory(CourseFactory)
    title = factory.Sequence(lambda number: f"Sessie {number}")
    position = factory.Sequence(lambda number: number)


class LessonFactory(TaughtFactory):
    class Meta:
        model = "courses.Lesson"

    session = factory.SubFactory(SessionFactory)
    title = factory.Sequence(lambda number: f"Les {number}")
    position = factory.Sequence(lambda number: number)
    minutes = 10


CHOICE = {
    "question": "Wat past bij een maatje?",
    "options": [
        {"id": "a", "text": "Zelf bemiddelen", "right": False, "feedback": "Dat doet een ander."},
        {"id": "b", "text": "Ernaast staan", "right": True, "feedback": "Ja."},
    ],
}
READ = {"statement": "Ik heb dit gelezen"}
REFLECTION = {"question": "Waar merk je rust aan?", "hint": "Een paar woorden"}


class ActivityFactory(factory.django.DjangoModelFactory):
    """An activity with its first wording: `fields` are the author's."""

    class Meta:
        model = "courses.Activity"
        skip_postgeneration_save = True

    lesson = factory.SubFactory(LessonFactory)
    key = factory.LazyFunction(uuid.uuid4)
    kind = "single_choice"
    position = factory.Sequence(lambda number: number)

    @factory.post_generation
    def fields(self, create, extracted, **kwargs):
        defaults = {"single_choice": CHOICE, "read": READ, "reflection": REFLECTION}
        specification = kind_of(self.kind).specification(extracted or defaults[self.kind])
        ActivityVersionFactory(activity=self, specification=specification)


class ActivityVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "courses.ActivityVersion"

    locale = "nl"
    number = 1
    published_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    max_score = factory.LazyAttribute(lambda version: version.specification["max_score"])
    pass_score = factory.LazyAttribute(lambda version: version.specification["pass_score"])
    fingerprint = factory.LazyAttribute(
        lambda version: fingerprint([version.activity.kind, version.specification])
    )


def asked_of(enrolment, version):
    """What a version asks a learner now: of a test, the questions drawn for the try that comes."""
    made = tries_made(enrolment=enrolment, activity_id=version.activity_id)
    trying = next_try(enrolment_id=enrolment.pk, activity_id=version.activity_id, made=made)
    return SimpleNamespace(
        activity=version.activity,
        specification=draw(version.activity.kind, version.specification, trying.seed),
    )


def _answers(answer, spec):
    """A test's form data, of one kind of answer to all its questions."""
    answers = {}
    for question in spec["questions"]:
        one = SimpleNamespace(
            activity=SimpleNamespace(kind=question["kind"]), specification=question["specification"]
        )
        answers[f"q-{question['key']}-choice"] = answer(one)["choice"]
    return answers


def right_answer(version):
    """The form data that passes a version of any kind; of a test, `asked_of` says which questions."""
    spec, kind = version.specification, version.activity.kind
    match kind:
        case "single_choice":
            return {"choice": next(option["key"] for option in spec["options"] if option["right"])}
        case "multiple_choice":
            return {"choice": [option["key"] for option in spec["options"] if option["right"]]}
        case "true_false":
            return {"choice": spec["right"]}
        case "order":
            return {f"place-{item['key']}": str(place) for place, item in enumerate(spec["items"], start=1)}
        case "match":
            return {f"match-{pair['key']}": pair["right"] for pair in spec["pairs"]}
        case "sort":
            return {f"sort-{item['key']}": item["group"] for item in spec["items"]}
        case "fill":
            return {f"gap-{number}": answers[0] for number, answers in enumerate(spec["gaps"], start=1)}
        case "label":
            return {f"label-{line['key']}": line["label"] for line in spec["lines"] if line["label"]}
        case "survey":
            return {f"survey-{item['construct']}": "3" for item in spec["items"]}
        case "worksheet":
            return {f"write-{field['key']}": "Mijn zus" for field in spec["fields"]}
        case "open":
            return {"text": "U bent moe en u houdt vol."}
        case "assignment":
            return {"text": "Ik sprak met iemand bij de bus."}
        case "h5p":
            return {"report": Reported("completed", finished=True, raw=1, maximum=1)}
        case "scale":
            return {"value": str(spec["minimum"])}
        case "reflection":
            return {"text": "Aan de vogels buiten."}
        case "quiz":
            return _answers(right_answer, spec)
        case "video" | "audio":
            return {"confirmed": "1"}
        case "read" | "download":
            return {}
        case "dialogue":
            *before, last = shortest_talk(spec)
            return {"path": " ".join(before), "say": last}
    raise AssertionError(kind)


def shortest_talk(spec):
    """The keys of a way to the nearest end of a conversation."""
    scenes = {scene["key"]: scene for scene in spec["scenes"]}
    queue, seen = [(spec["scenes"][0], [])], set()
    for scene, path in queue:
        if not scene["choices"]:
            return path
        for choice in scene["choices"]:
            if choice["to"] not in seen:
                seen.add(choice["to"])
                queue.append((scenes[choice["to"]], [*path, choice["key"]]))
    raise AssertionError(spec)


def wrong_answer(version):
    """Form data that is an answer, but not the right one. Only for kinds that are graded."""
    spec, kind = version.specification, version.activity.kind
    match kind:
        case "single_choice":
            return {"choice": next(option["key"] for option in spec["options"] if not option["right"])}
        case "multiple_choice":
            wrong = [option["key"] for option in spec["options"] if not option["right"]]
            return {"choice": wrong or [spec["options"][0]["key"]]}
        case "true_false":
            return {"choice": "false" if spec["right"] == "true" else "true"}
        case "order":
            keys = [item["key"] for item in reversed(spec["items"])]
            return {f"place-{key}": str(place) for place, key in enumerate(keys, start=1)}
        case "match":
            rights = [right["key"] for right in spec["rights"]]
            return {
                f"match-{pair['key']}": next(right for right in rights if right != pair["right"])
                for pair in spec["pairs"]
            }
        case "sort":
            groups = [group["key"] for group in spec["groups"]]
            return {
                f"sort-{item['key']}": next(group for group in groups if group != item["group"])
                for item in spec["items"]
            }
        case "fill":
            return {f"gap-{number}": "iets anders" for number, _gap in enumerate(spec["gaps"], start=1)}
        case "quiz":
            return _answers(wrong_answer, spec)
    raise AssertionError(kind)


# --- meetings -------------------------------------------------------------------------------------------------------
class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = "courses.Cohort"

    course = factory.SubFactory(CourseFactory)
    name = factory.Sequence(lambda number: f"Groep {number}")


class MeetingFactory(factory.django.DjangoModelFactory):
    """A theme meeting without a group, a week after the tests' `now`, from seven to half past nine at home."""

    class Meta:
        model = "meetings.Meeting"

    kind = "theme"
    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda number: f"Bijeenkomst {number}")
    discreet_title = "Avondcursus"
    starts_at = datetime.datetime(2026, 11, 27, 18, 0, tzinfo=datetime.UTC)
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + datetime.timedelta(minutes=150))
    place = "Zaal 2"
    created_at = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    changed_at = created_at
