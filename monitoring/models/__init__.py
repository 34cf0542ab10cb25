"""Tables of monitoring."""

from monitoring.models.concerns import Concern, ConcernLink, Entry, NamedPerson, Receipt

__all__ = ["Concern", "ConcernLink", "Entry", "NamedPerson", "Receipt"]
