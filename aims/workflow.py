"""Workflows as data: one transition table each, from which checks, buttons, tests and the docs' diagram come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aims.registry import registry


@dataclass(frozen=True)
class Edge:
    """A verb that moves a record from one of `sources` to `target`, done by `roles`."""

    verb: str
    label: Any
    sources: frozenset[str]
    target: str
    roles: Sequence[str] = ()


def edge(verb: str, label: Any, sources: Sequence[str], target: str, roles: Sequence[str] = ()) -> Edge:
    return Edge(verb, label, frozenset(map(str, sources)), str(target), tuple(map(str, roles)))


class Workflow:
    """A named set of states (a TextChoices) and edges."""

    def __init__(self, name: str, states: Any, edges: Sequence[Edge]) -> None:
        self.name, self.states, self.edges = name, states, tuple(edges)
        registry.workflows[name] = self

    def edge(self, verb: str) -> Edge:
        return next(edge for edge in self.edges if edge.verb == verb)

    def label(self, state: str) -> str:
        return str(self.states(state).label)

    def verbs_from(self, state: str) -> list[Edge]:
        """The edges that leave a state, for buttons and tests."""
        return [edge for edge in self.edges if state in edge.sources]

    def diagram(self) -> str:
        """Mermaid source of the state diagram."""
        lines = ["stateDiagram-v2"]
        for one in self.edges:
            lines += [f"    {source} --> {one.target}: {one.verb}" for source in sorted(one.sources)]
        return "\n".join(lines) + "\n"
