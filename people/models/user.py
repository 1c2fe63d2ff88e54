import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisation import Membership


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User | AnonymousUser") -> "UserQuerySet":
        """Oneself, and for a coordinator the members of their organisation or region. Upper floors widen it by course."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        seen = Membership.objects.coordinated_by(user).filter(user=models.OuterRef("pk"))
        return self.filter(models.Q(pk=user.pk) | models.Exists(seen))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Never show `email` or `legal_name` to fellow learners: they see `alias`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    alias = models.CharField(
        _("name in the group"),
        max_length=40,
        help_text=_("What others in the group call you. It need not be your own name."),
    )
    # Asked for when it is first needed: on a certificate.
    legal_name = models.CharField(_("full name"), max_length=120, blank=True)
    # "Iemand kan bij mijn mail": no code and no reset goes by mail any more.
    mailbox_unsafe = models.BooleanField(_("somebody can read my mail"), default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # Two accounts for one mailbox would make every code and reset ambiguous.
            models.UniqueConstraint(Lower("email"), name="people_user_email_once"),
        ]

    def __str__(self) -> str:
        return self.alias or str(self.pk)

    def get_full_name(self) -> str:
        return self.legal_name or self.alias

    def get_short_name(self) -> str:
        return self.alias
