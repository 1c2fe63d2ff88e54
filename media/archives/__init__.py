"""Reading a zip file that a stranger made: what is in it, held to a policy, and nothing written anywhere."""

from .policy import Policy, only_endings
from .reader import Archive, Member
from .refusals import Refused, sentence

__all__ = ["Archive", "Member", "Policy", "Refused", "only_endings", "sentence"]
