"""Asking again who somebody is before they decide: the kernel's own, under the name the apps know."""

from aims.deciding import Deciding, confirm, confirmed

__all__ = ["Deciding", "confirm", "confirmed"]
