"""What flows upward: apps register here in `AppConfig.ready()`, the kernel and lower apps read it. Also the facts.

A lower app whose act must have an effect above it announces a fact (a frozen dataclass it declares); upper apps
register reactions, which run in the same transaction in registration order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from aims.asof import carry
from aims.rhythm import Every


@dataclass(frozen=True)
class Kind:
    """A governed kind: how it is called, where its pages are, which clauses its records serve."""

    name: str  # "system"; the spine's kind
    model: Any
    label: Any  # "AI system"
    plural: Any  # "AI systems"
    path: str  # "systems": pages at /systems/, API at /api/v1/systems/
    icon: str
    clauses: Sequence[str] = ()
    present: Callable[[Any], Any] | None = None  # event → sentence, when the general one is not good enough

    def url(self, ref: str = "", tab: str = "") -> str:
        """The register's address, a record's, or that of one of its tabs; stays at the date being read."""
        return carry("/" + "".join(f"{part}/" for part in (self.path, ref, tab) if part))


@dataclass(frozen=True)
class NavItem:
    """One entry of the side navigation; `verb` empty: for everybody signed in."""

    group: Any
    label: Any
    url: str
    icon: str
    order: int = 50
    verb: str = ""


@dataclass(frozen=True)
class RecordTab:
    """A tab on the record page of another kind: `build(request, record)` gives the context of `template`."""

    kind: str
    id: str
    label: Any
    template: str
    build: Callable[[Any, Any], Mapping[str, Any]]
    count: Callable[[Any, Any], int] | None = None
    order: int = 50


@dataclass(frozen=True)
class Check:
    """A condition on a transition: `ask(record)` answers met or what is missing. Gate items, approvals, lints."""

    id: str
    workflow: str
    transition: str
    sentence: Any
    ask: Callable[[Any], Any]


@dataclass(frozen=True)
class Section:
    """A chapter of an evidence pack: `collect(pack)` gives plain data, `template` draws it, `wide` on pages turned."""

    id: str
    title: Any
    template: str
    collect: Callable[[Any], Iterable[Mapping[str, Any]]]
    order: int = 50
    wide: bool = False


@dataclass(frozen=True)
class ThreadEdge:
    """A stretch of the thread behind a record of a kind ("*": any): `walk(user, record)` gives its knots, oldest first.

    Where it gives none, `missing` is told as a gap; "" where nothing need be there.
    """

    kind: str
    id: str
    title: Any  # "Risks"
    walk: Callable[[Any, Any], Iterable[Any]]  # aims.ui.Knot
    missing: Any = ""  # "No risk is registered."
    order: int = 50


@dataclass(frozen=True)
class DueSource:
    """How records of a kind fall due: what is asked of whom, how often, and who hears of it when nobody acts.

    Days of escalation count from the day a task was due. The committee hears only of the `serious` risk tiers.
    """

    kind: str
    name: Any  # "Attestation"
    asks: Any  # "Confirm that the register still describes this system correctly."
    every: Mapping[str, Every]  # risk tier → cadence; "" is everybody else's
    form: str = ""  # part of the record's address where the work is done; empty: the task's own page
    idle: Sequence[str] = ()  # states in which nothing falls due
    rhythmic: bool = True  # a review sets the next date; False: the app's own act moves the date
    paced: bool = False  # that act counts the date by the cadence, which can be changed here
    ahead: int = 14
    grace: int = 14
    deputy_after: int = 3
    manager_after: int = 7
    committee_after: int = 30
    serious: Sequence[str] = ()
    tier: Callable[[Any], str] | None = None  # record → its risk tier
    tiers: Mapping[str, Any] = field(default_factory=dict)  # tier → its words, where it is no risk tier
    reviewed: Callable[[Any, Any], None] | None = None  # (record, task): in the transaction that completes a review
    lapsed: Callable[[Any, Any], None] | None = None  # (record, task): when the grace period is over

    @property
    def counted(self) -> bool:
        """Whether dates follow the cadence at all."""
        return self.rhythmic or self.paced

    def cadence(self, tier: str) -> Every:
        return self.every.get(tier) or self.every[""]


@dataclass(frozen=True)
class Breach:
    """Facts of one record that contradict each other, as plain values (texts, numbers, days, moments, lists of texts).

    `also` are further records that the facts speak of: who may not see them all sees nothing of this. `backlog`: a day
    in it was entered afterwards (imported, or older than the register), so that it is only asked about.
    """

    record: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    also: Sequence[int] = ()
    backlog: bool = False


@dataclass(frozen=True)
class Rule:
    """What must hold between recorded facts. `find(on)` gives every breach in few statements, whoever may see it.

    `told` tells a breach with the names of its facts: "Accepted until %(until)s, still open.". `verb` is what one must
    be allowed to do to mend it, at the part `form` of the record's address. A question may also be answered.
    """

    id: str
    sentence: Any
    told: Any
    clause: str
    find: Callable[[date], Iterable[Breach]]
    verb: str = ""
    form: str = ""
    question: bool = False


@dataclass(frozen=True)
class Step:
    """One of the first steps in an empty installation: what, why now, where, and whether it is done already."""

    order: int
    label: Any
    why: Any
    url: str
    done: Callable[[Any], bool]
    clause: str = ""


@dataclass(frozen=True)
class Condition:
    """A fact that a clause asks for, read from records and never stated: readiness is how many of them hold.

    `stage` 1: asked where the documents are read; 2: where the operation is. `ask(stock)` answers a Reading
    (`aims.readiness`). The clause "A" stands for Annex A as a whole.
    """

    id: str
    clause: str
    stage: int
    sentence: Any  # "Risk criteria are approved."
    ask: Callable[[Any], Any]


@dataclass(frozen=True)
class Role:
    """A named set of verbs with a sentence that says what it is for."""

    id: str
    name: Any
    sentence: Any
    watched: bool = False  # every view and download is recorded
    guest: bool = False  # for people from outside: who holds nothing else writes on the routes opened to the role alone
    blind: bool = False  # shows no records: what its holders do has pages of its own


@dataclass
class Registry:
    """Everything registered, by kind of thing. Filled once at start, then only read."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    navigation: list[NavItem] = field(default_factory=list)
    entrances: list[NavItem] = field(default_factory=list)  # what the sign-in page offers to who does not sign in
    tabs: list[RecordTab] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)  # consistency: what must hold between recorded facts
    sections: list[Section] = field(default_factory=list)
    thread_edges: list[ThreadEdge] = field(default_factory=list)
    routes: list[tuple[str, Any]] = field(default_factory=list)  # API: (prefix, viewset)
    due_sources: dict[str, DueSource] = field(default_factory=dict)  # by kind: what falls due, and how
    workflows: dict[str, Any] = field(default_factory=dict)
    verbs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # verb → roles, strongest first
    deciding: set[str] = field(default_factory=set)  # verbs that ask for the password again and refuse API tokens
    finders: list[Callable[[Any, str], Iterable[Any]]] = field(default_factory=list)  # jump box: (user, text) → Links
    # picker → (user, text) → [{value, label, hint}]
    pickers: dict[str, Callable[[Any, str], list[dict[str, str]]]] = field(default_factory=dict)
    # jump box: (user, text) → Links of what the text names exactly, such as a clause
    answer_sheets: list[Callable[[Any, str], Iterable[Any]]] = field(default_factory=list)
    # keys of decisions that were taken in a recorded sitting, one query each
    sittings: list[Callable[[], Any]] = field(default_factory=list)
    # in which language words are kept that the product writes for everybody
    language: Callable[[], str] = lambda: str(settings.LANGUAGE_CODE)
    tiers: dict[str, Any] = field(default_factory=dict)  # tier of risk → what it is called
    decision_sorts: dict[str, Any] = field(default_factory=dict)  # sort of decision → what it is called
    redactable: dict[str, frozenset[str]] = field(default_factory=dict)
    # model → what else goes when a row's data are erased, in the same transaction
    erased_with: dict[str, list[Callable[[Any], None]]] = field(default_factory=dict)
    # what an approved document rests on: (scope) → {kind, ref, title, version} of criteria, plans, policies in force
    foundations: list[Callable[[Any], Iterable[Mapping[str, Any]]]] = field(default_factory=list)
    # task → what follows a job of it, in the transaction that ends the job or asks for it again
    job_followers: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    importables: dict[str, Any] = field(default_factory=dict)  # kind → Importable: what files may bring
    first_steps: list[Step] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)  # readiness: what clauses ask for, as facts
    setup_steps: list[Callable[[], None]] = field(default_factory=list)  # run at every `prepare`: catalogues
    demo_steps: list[Callable[[Any], Iterable[Any]]] = field(default_factory=list)  # run once, in order, in a demo
    sign_ins: list[Callable[[], Iterable[tuple[str, str, str]]]] = field(default_factory=list)
    grant_models: list[Any] = field(default_factory=list)  # direct-foreign-key grants on single anchors
    roles: dict[str, Role] = field(default_factory=dict)
    # request → context of the home page; with a `template` it is drawn by that as a panel of its own
    home_panels: list[Callable[[Any], Mapping[str, Any]]] = field(default_factory=list)
    # (person, day) → what is opened to them for a time (`aims.access.Window`)
    windows: list[Callable[[Any, Any], Iterable[Any]]] = field(default_factory=list)
    # (person, day) → why somebody who holds nothing may not come in any more, or ""
    doors: list[Callable[[Any, Any], str]] = field(default_factory=list)
    # role for people from outside → names of the routes on which it may write
    guest_routes: dict[str, frozenset[str]] = field(default_factory=dict)
    _reactions: dict[type, list[Callable[[Any], None]]] = field(default_factory=lambda: defaultdict(list))
    _facts: dict[type, str] = field(default_factory=dict)

    def add_kind(self, kind: Kind) -> None:
        self.kinds[kind.name] = kind

    def falls_due(self, source: DueSource) -> None:
        """Let records of a kind fall due."""
        self.due_sources[source.kind] = source

    def keep(self, rules: Iterable[Rule]) -> None:
        """Ask these rules of consistency from now on (an app's `consistency.RULES`)."""
        self.rules.update({rule.id: rule for rule in rules})

    def allow(self, verbs: Mapping[str, Iterable[str]]) -> None:
        """Grant verbs to roles (an app's `policies.VERBS`)."""
        for verb, roles in verbs.items():
            self.verbs[verb] = (*self.verbs.get(verb, ()), *roles)

    def decides(self, verbs: Iterable[str]) -> None:
        """Say which verbs decide: approve, accept, sign, give power."""
        self.deciding.update(verbs)

    def is_guest(self, role: str) -> bool:
        return role in self.roles and self.roles[role].guest

    def is_blind(self, role: str) -> bool:
        return role in self.roles and self.roles[role].blind

    def over(self, kind: str) -> tuple[str, ...]:
        """States in which nothing falls due for a record of the kind any more."""
        source = self.due_sources.get(kind)
        return tuple(map(str, source.idle)) if source is not None else ()

    def roles_of(self, verb: str) -> tuple[str, ...]:
        return self.verbs.get(verb, ())

    def for_all_below(self, kind: str) -> bool:
        """Whether records of the kind show to everybody in the units below theirs."""
        return kind in self.kinds and getattr(self.kinds[kind].model, "for_all_below", False) is True

    def kind_of(self, model: Any) -> Kind:
        return self.kinds[model.kind]

    def tabs_of(self, kind: str) -> list[RecordTab]:
        return sorted((tab for tab in self.tabs if tab.kind in (kind, "*")), key=lambda tab: tab.order)

    def thread_of(self, kind: str) -> list[ThreadEdge]:
        return sorted((edge for edge in self.thread_edges if edge.kind in (kind, "*")), key=lambda edge: edge.order)

    def checks_of(self, workflow: str, transition: str) -> list[Check]:
        return [check for check in self.checks if (check.workflow, check.transition) == (workflow, transition)]

    def declare(self, fact: type, sentence: str) -> None:
        """Say that an app announces this kind of fact."""
        self._facts[fact] = sentence

    def react(self, fact: type, reaction: Callable[[Any], None]) -> None:
        self._reactions[fact].append(reaction)

    def announce(self, fact: Any) -> None:
        """Run every reaction to the fact, in this transaction. An error undoes the whole verb."""
        for reaction in self._reactions[type(fact)]:
            reaction(fact)

    def facts(self) -> list[tuple[type, str, list[Callable[[Any], None]]]]:
        """Who announces and who reacts, for the generated page."""
        return [(fact, sentence, self._reactions[fact]) for fact, sentence in self._facts.items()]


registry = Registry()
