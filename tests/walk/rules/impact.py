"""Who may what at the addresses of screenings and assessments, and how to fill them."""

from tests.walk.rules.words import ADDRESSED, READ, SEEN, SIGNED_IN, Fill, Pairs, pieces
from tests.walk.world import World

PAGES: dict[str, str] = {
    "screening_list": SIGNED_IN,
    # It names its system in the query.
    "screening_create": ADDRESSED,
    "screening_sitting": "screening.answer",
    "screening_decide": "screening.approve",
    "screening_detail": SEEN,
    "screening_tab": SEEN,
    "screening_approve": "screening.approve",
    "screening_return": "screening.approve",
    "impact_list": SIGNED_IN,
    "impact_create": "impact.open",
    "impact_reassess": "impact.open",
    "impact_detail": SEEN,
    "impact_tab": SEEN,
    "impact_work": SEEN,
    **dict.fromkeys(
        (
            "impact_write", "impact_section", "impact_party_add", "impact_party_change", "impact_party_remove",
            "impact_row_add", "impact_row_change", "impact_row_remove", "impact_measure_add", "impact_measure_change",
            "impact_measure_remove", "impact_measure_done",
        ),
        "impact.write",
    ),
    "impact_submit": "impact.submit",
    "impact_ask": "impact.ask",
    "impact_opinion": ADDRESSED,
    "impact_opinion_withdraw": "impact.ask",
    **dict.fromkeys(("impact_approve", "impact_reject", "impact_escalate"), "impact.decide"),
    "impact_allow": "impact.allow",
    "impact_return": "impact.return",
    "impact_refer": "impact.refer",
    "impact_condition": "impact.fulfil",
}  # fmt: skip

API: dict[str, dict[str, str]] = {
    "screenings": {
        **READ,
        "create": "screening.answer",
        "many": "screening.answer",
        **dict.fromkeys(("approve", "give_back"), "screening.approve"),
    },
    "impact-assessments": {
        **READ,
        "create": "impact.open",
        "missing": SEEN,
        "changes": SEEN,
        **dict.fromkeys(
            (
                "partial_update", "answers", "none", "parties", "party", "impacts", "impact", "measures", "measure",
                "remove", "measure_done",
            ),
            "impact.write",
        ),
        "submit": "impact.submit",
        "opinions": "impact.ask",
        "give_opinion": ADDRESSED,
        **dict.fromkeys(("approve", "reject", "escalate"), "impact.decide"),
        "allow": "impact.allow",
        "give_back": "impact.return",
        "refer": "impact.refer",
        "meet_condition": "impact.fulfil",
    },
}  # fmt: skip


def _section(world: World, condition: str) -> Pairs:
    """An assessment with a step of its form."""
    if condition in ("missing", "crossed"):
        return [({"ref": "IMP-99999999", "section": "scope"}, None)] if condition == "missing" else []
    record = world.records["impact"].get(condition)
    return [({"ref": record.ref, "section": name}, record) for name in ("scope", "impacts")] if record else []


def _row(world: World, condition: str) -> Pairs:
    return [({**values, "rows": "parties"}, record) for values, record in _PARTY(world, condition)]


_PARTY = pieces("impact", "impact.AffectedParty", "part")
# How to fill the arguments of an address beside `ref` of a governed kind and `tab`.
ARGUMENTS: dict[str, Fill] = {
    "impact_section": _section,
    **dict.fromkeys(("impact_party_change", "impact_party_remove"), pieces("impact", "impact.AffectedParty")),
    **dict.fromkeys(("impact_row_change", "impact_row_remove"), pieces("impact", "impact.Impact")),
    **dict.fromkeys(
        ("impact_measure_change", "impact_measure_remove", "impact_measure_done"), pieces("impact", "impact.Measure")
    ),
    **dict.fromkeys(("impact_opinion", "impact_opinion_withdraw"), pieces("impact", "impact.Opinion")),
    "impact_condition": pieces("impact", "impact.Condition"),
    "impact-assessments-party": _PARTY,
    "impact-assessments-impact": pieces("impact", "impact.Impact", "part"),
    **dict.fromkeys(
        ("impact-assessments-measure", "impact-assessments-measure-done"), pieces("impact", "impact.Measure", "part")
    ),
    "impact-assessments-give-opinion": pieces("impact", "impact.Opinion", "part"),
    "impact-assessments-meet-condition": pieces("impact", "impact.Condition", "part"),
    "impact-assessments-remove": _row,
}
