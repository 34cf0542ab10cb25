"""AI systems, data sets and other components, and suppliers from files (A.4.2, A.10.3)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.access import access_of
from aims.errors import WrongState
from aims.importing.fields import (
    EMPTY,
    Context,
    Importable,
    ImportField,
    Unclear,
    by_reference,
    choice_field,
    day_field,
    text_field,
    yes_no_field,
)
from aims.removal import remove_imported
from inventory import policies, services
from inventory.countries import COUNTRIES, LANGUAGES, country_name, language_name
from inventory.models import AISystem, Component, Proposal, Supplier
from inventory.proposal_states import ProposalSource
from inventory.querysets import likeness, tokens
from inventory.states import (
    Autonomy,
    ComponentKind,
    Criticality,
    DataCategory,
    Learning,
    QualityState,
    SupplierKind,
    SystemStage,
)
from organization.importing import person_field, settled, unit_field

ALIKE = 0.6
MOST_ALIKE = 3
_OWNER = ("responsible", "contact", "product owner", "verantwortlich", "ansprechpartner")
_UNIT = ("department", "business unit", "team", "abteilung", "bereich")


def codes_field(
    name: str, label: Any, codes: Mapping[str, Any], named: Callable[[str], str], words: Sequence[str]
) -> ImportField:
    """Several codes of a list, by code or name, separated by semicolons or commas."""

    def parse(text: str, context: Context) -> list[str]:
        known = context.once(name, lambda: {word.lower(): code for code in codes for word in (code, named(code))})
        parts = [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]
        unknown = next((part for part in parts if part.lower() not in known), None)
        if unknown is not None:
            raise Unclear(_("“%(text)s” is not in the list.") % {"text": unknown})
        return list(dict.fromkeys(known[part.lower()] for part in parts))

    return ImportField(name, label, parse, _listed(name), words=words, several=True)


def _listed(name: str) -> Callable[[Any], str]:
    return lambda record: "; ".join(getattr(record, name))


def lines_field(name: str, label: Any, words: Sequence[str]) -> ImportField:
    """Several texts, separated by semicolons or line ends."""

    def parse(text: str, context: Context) -> list[str]:
        return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]

    return ImportField(name, label, parse, _listed(name), words=words, several=True)


def record_field(name: str, label: Any, model: Any, words: Sequence[str]) -> ImportField:
    """A record by its reference or exact name."""

    def parse(text: str, context: Context) -> Any:
        if text.lower() in EMPTY:
            return None
        found = context.once((name, text.lower()), lambda: _named(model, text, context.by))
        if found is None:
            raise Unclear(_("Nothing here is called “%(text)s”.") % {"text": text})
        return found

    def write(record: Any) -> str:
        linked = getattr(record, name)
        return linked.ref if linked else ""

    return ImportField(name, label, parse, write, words=words)


def _named(model: Any, text: str, user: Any) -> Any:
    rows = model.objects.visible_to(user)
    by_name = list(rows.filter(title__iexact=text)[:2])
    return rows.filter(ref=text.upper()).first() or (by_name[0] if len(by_name) == 1 else None)


_TITLE = ("system", "application", "tool", "anwendung", "name of system")


def _common(verb: str) -> tuple[ImportField, ...]:
    return (
        text_field("title", gettext_lazy("Name"), words=_TITLE, required=True, most=200),
        person_field("owner", gettext_lazy("Owner"), words=_OWNER, required=True),
        unit_field("unit", gettext_lazy("Unit"), verb, required=True, words=_UNIT),
    )  # fmt: skip


def _rows(model: Any) -> Callable[[Any], Any]:
    return lambda user: model.objects.visible_to(user).select_related("unit", "owner").order_by("pk")


def filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are there, own fields apart."""
    return {name: value for name, value in data.items() if not name.startswith("own:") and value not in (None, "", [])}


def of_one_system(data: Mapping[str, Any], unit: Any, context: Context) -> dict[str, Any]:
    """What a service takes of a record that is of one AI system or of a unit: in the system's unit, the owner settled."""
    given = dict(data)
    if given.get("system") is not None:
        given.pop("unit", None)
        unit = given["system"].unit
    if given.get("owner") is not None:
        given["owner"] = settled(given["owner"], given.get("unit") or unit, context)
    return given


def homeless(data: Mapping[str, Any], context: Context) -> dict[str, str]:
    """Such a record is of one AI system, or a unit keeps it."""
    return {} if data.get("system") or data.get("unit") else {"unit": _("Name the AI system or the unit.")}


def _split(data: Mapping[str, Any], context: Context, unit: Any = None) -> dict[str, Any]:
    """What a service takes: pending people settled, own fields together, nothing empty."""
    given = filled(data)
    if "owner" in given:
        given["owner"] = settled(given["owner"], given.get("unit") or unit, context)
    own = {
        name.removeprefix("own:"): value
        for name, value in data.items()
        if name.startswith("own:") and value is not None
    }
    return {**given, **({"own": own} if own else {})}


def _make_system(data: Mapping[str, Any], context: Context) -> AISystem:
    given = _split(data, context)
    stage = given.pop("state", SystemStage.INCEPTION)
    return services.register_system(by=context.by, data=given, on=context.on, stage=stage)


def _changes(record: Any, data: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Values to set, empty ones too: taking back may empty a field."""
    given = {name: value for name, value in data.items() if not name.startswith("own:")}
    if given.get("owner") is not None:
        given["owner"] = settled(given["owner"], given.get("unit") or record.unit, context)
    own = {name.removeprefix("own:"): value for name, value in data.items() if name.startswith("own:")}
    if own:
        kept = {**record.own, **own}
        given["own"] = {key: value for key, value in kept.items() if value is not None}
    return given


def _change_system(system: AISystem, data: Mapping[str, Any], context: Context) -> AISystem:
    given = _changes(system, data, context)
    stage = given.pop("state", None)
    if given:
        system = services.change_system(system, by=context.by, data=given, on=context.on)
    if stage and stage != system.state:
        system = services.move_stage(system, stage=stage, by=context.by, reason=_("Imported"), on=context.on)
    return system


def _alike_systems(data: Mapping[str, Any], context: Context) -> list[AISystem]:
    """Up to three systems in life whose names share most words; looked up once, kept by word, compared in memory.

    Names of the same words are compared once, however many there are.
    """

    def gather() -> dict[str, dict[frozenset[str], list[AISystem]]]:
        found: dict[str, dict[frozenset[str], list[AISystem]]] = defaultdict(lambda: defaultdict(list))
        for row in AISystem.objects.visible_to(context.by).in_life().only("ref", "title").order_by("pk"):
            known = tokens(row.title)
            for word in known:
                found[word][known].append(row)
        return found

    def near() -> list[AISystem]:
        sets = {known: rows for word in words for known, rows in by_word.get(word, {}).items()}
        like = (row for known, rows in sets.items() if likeness(words, known) >= ALIKE for row in rows[:MOST_ALIKE])
        return sorted(like, key=lambda row: row.pk)[:MOST_ALIKE]

    by_word = context.once("alike", gather)
    words = tokens(str(data.get("title", "")))
    found: list[AISystem] = context.once(("alike", words), near)
    return found


def _wrong_together(data: Mapping[str, Any], context: Context) -> dict[str, str]:
    """What `register_system` would refuse of the values of a new system (A.4.2)."""
    given = {name: value for name, value in filled(data).items() if name != "owner"}
    stage = given.pop("state", SystemStage.INCEPTION)
    try:
        services.check_new_system(AISystem(state=stage, **given), on=context.on)
    except ValidationError as error:
        told = {name: " ".join(found) for name, found in error.message_dict.items()}
        return {"state" if name == "stage" else name: sentence for name, sentence in told.items()}
    return {}


def _make_component(data: Mapping[str, Any], context: Context) -> Component:
    return services.register_component(by=context.by, data=_split(data, context))


def _change_component(component: Component, data: Mapping[str, Any], context: Context) -> Component:
    return services.change_component(component, by=context.by, data=_changes(component, data, context), on=context.on)


def _make_supplier(data: Mapping[str, Any], context: Context) -> Supplier:
    return services.register_supplier(by=context.by, data=_split(data, context))


def _change_supplier(supplier: Supplier, data: Mapping[str, Any], context: Context) -> Supplier:
    return services.change_supplier(supplier, by=context.by, data=_changes(supplier, data, context))


_MAY_REMOVE = {
    AISystem: policies.can_register_system,
    Component: policies.can_register_component,
    Supplier: policies.can_register_supplier,
    Proposal: policies.can_triage,
}


def _remove(records: Sequence[Any], context: Context) -> None:
    remove_imported(records, by=context.by, may=lambda one: _MAY_REMOVE[type(one)](context.by, one.unit))


def _may(verb: str) -> Callable[[Any], str]:
    return lambda user: access_of(user).capacity(verb)


def _country(text: str, context: Context) -> str:
    """One country by code or name."""
    found = codes_field("country", "", COUNTRIES, country_name, ()).parse(text, context)
    if len(found) > 1:
        raise Unclear(_("Name one country."))
    return found[0] if found else ""


_PURPOSE = ("description", "use case", "what it does", "zweck", "beschreibung")
_STAGE = choice_field("state", gettext_lazy("Stage"), SystemStage, words=("status", "phase", "life cycle", "lifecycle"))
SYSTEMS = Importable(
    kind="system",
    label=gettext_lazy("AI systems"),
    fields=(
        *_common("system.register"),
        text_field("purpose", gettext_lazy("Purpose"), words=_PURPOSE, required=True),
        _STAGE,
        day_field("live_since", gettext_lazy("In use since"), words=("go-live", "go live", "live since", "in betrieb seit")),
        text_field("intended_use", gettext_lazy("Intended use")),
        text_field("foreseeable_misuse", gettext_lazy("Foreseeable misuse")),
        text_field("decisions", gettext_lazy("What it decides")),
        choice_field("learning", gettext_lazy("Learning"), Learning),
        choice_field("autonomy", gettext_lazy("Autonomy"), Autonomy),
        text_field("autonomy_note", gettext_lazy("Autonomy in detail")),
        text_field("human_oversight", gettext_lazy("Human oversight"), words=("oversight",)),
        lines_field("affected_groups", gettext_lazy("Affected groups"), ("people affected", "users")),
        codes_field("regions", gettext_lazy("Regions"), COUNTRIES, country_name, ("countries", "country", "land")),
        codes_field("languages", gettext_lazy("Languages"), LANGUAGES, language_name, ("language",)),
        text_field("user_information", gettext_lazy("User information")),
        choice_field("criticality", gettext_lazy("Criticality"), Criticality, words=("risk level", "risk", "level", "kritikalität")),
        text_field("criticality_reason", gettext_lazy("Why this criticality"), words=("rationale", "begründung")),
        yes_no_field("third_party", gettext_lazy("Supplied by a third party"), words=("third party", "external", "bought")),
        record_field("supplier", gettext_lazy("Supplier"), Supplier, ("provider",)),
        text_field("vendor_product", gettext_lazy("Vendor's product"), words=("vendor", "product", "hersteller")),
        text_field("vendor_version", gettext_lazy("Vendor's version")),
        text_field("embedded_in", gettext_lazy("Embedded in")),
        text_field("retirement_plan", gettext_lazy("Retirement plan")),
    ),
    may=_may("system.register"),
    rows=_rows(AISystem),
    find=by_reference(AISystem, _rows(AISystem)),
    make=_make_system,
    change=_change_system,
    remove=_remove,
    alike=_alike_systems,
    together=_wrong_together,
    takes_own=True,
)  # fmt: skip
COMPONENTS = Importable(
    kind="component",
    label=gettext_lazy("Components and data sets"),
    fields=(
        *_common("component.register"),
        choice_field("component_kind", gettext_lazy("Kind"), ComponentKind, words=("type",)),
        text_field("description", gettext_lazy("Description")),
        record_field("system", gettext_lazy("Home system"), AISystem, ("ai system",)),
        record_field("supplier", gettext_lazy("Supplier"), Supplier, ("provider", "vendor")),
        text_field("release", gettext_lazy("Version"), most=80),
        text_field("licence", gettext_lazy("Licence"), words=("license",)),
        choice_field("category", gettext_lazy("Category"), DataCategory),
        text_field("rights", gettext_lazy("Rights")),
        text_field("provenance", gettext_lazy("Provenance"), words=("source", "origin", "quelle")),
        text_field("labelling", gettext_lazy("Labelling")),
        text_field("preparation", gettext_lazy("Preparation")),
        yes_no_field("personal_data", gettext_lazy("Personal data"), words=("pii", "gdpr")),
        text_field("personal_data_note", gettext_lazy("Which personal data")),
        text_field("retention", gettext_lazy("Retention and disposal")),
        text_field("known_bias", gettext_lazy("Known or possible bias"), words=("bias",)),
        choice_field("quality_state", gettext_lazy("Quality"), QualityState),
        day_field("last_updated", gettext_lazy("Data last updated"), words=("updated",)),
    ),
    may=_may("component.register"),
    rows=_rows(Component),
    find=by_reference(Component, _rows(Component)),
    make=_make_component,
    change=_change_component,
    remove=_remove,
    takes_own=True,
)
SUPPLIERS = Importable(
    kind="supplier",
    label=gettext_lazy("Suppliers"),
    fields=(
        *_common("supplier.register"),
        choice_field("supplier_kind", gettext_lazy("Kind"), SupplierKind, words=("type",)),
        ImportField("country", gettext_lazy("Country"), _country, lambda s: s.country, words=("land",)),
        text_field("supplies", gettext_lazy("What it supplies"), words=("services", "product", "leistung")),
        text_field("contract", gettext_lazy("Contract"), words=("agreement", "vertrag")),
        choice_field("criticality", gettext_lazy("Criticality"), Criticality),
    ),
    may=_may("supplier.register"),
    rows=_rows(Supplier),
    find=by_reference(Supplier, _rows(Supplier)),
    make=_make_supplier,
    change=_change_supplier,
    remove=_remove,
    takes_own=True,
)  # fmt: skip


def _make_proposal(data: Mapping[str, Any], context: Context) -> Proposal:
    given = {name: value for name, value in data.items() if value not in (None, "")}
    source = given.pop("source", "") or ProposalSource.PURCHASE
    return services.propose_use(by=context.by, data={"purpose": _("Not known yet"), **given}, source=source)


def _change_proposal(proposal: Proposal, data: Mapping[str, Any], context: Context) -> Proposal:
    raise WrongState(_("A proposal is answered, not changed."))


CANDIDATES = Importable(
    kind="proposal",
    label=gettext_lazy("Candidates: applications, purchases, repositories"),
    fields=(
        text_field(
            "title", gettext_lazy("Name"), words=(*_TITLE, "app", "repository", "item"), required=True, most=200
        ),
        text_field("purpose", gettext_lazy("Purpose"), words=_PURPOSE),
        text_field("tool", gettext_lazy("Product or model"), words=("product", "vendor", "supplier"), most=200),
        choice_field("source", gettext_lazy("Source"), ProposalSource),
        unit_field("unit", gettext_lazy("Unit"), "proposal.triage", required=True, words=_UNIT),
    ),
    may=_may("proposal.triage"),
    rows=_rows(Proposal),
    find=by_reference(Proposal, _rows(Proposal)),
    make=_make_proposal,
    change=_change_proposal,
    remove=_remove,
    alike=_alike_systems,
    in_bulk=False,
)
ALL = (SYSTEMS, COMPONENTS, SUPPLIERS, CANDIDATES)
