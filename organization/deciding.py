"""Asking again who somebody is before they decide: the kernel's own, under the name the apps know."""

from aims.deciding import Decides, Deciding, confirm, confirmed

__all__ = ["Decides", "Deciding", "confirm", "confirmed"]
