"""What rows of impact must be, where a canary in every text breaks one of its rules."""

from typing import Any

ORDER = (("screening", 30), ("impact", 31))
RECIPES: dict[str, dict[str, Any]] = {
    "impact.Screening": {"edition": 1, "jurisdictions": [], "tier": "", "use": ""},
    "impact.ImpactAssessment": {"edition": 1, "tier": "high"},
    "impact.Answer": {"reason": ""},
    "impact.Impact": dict.fromkeys(("severity", "scale", "likelihood"), 3) | {"reversibility": "easy"},
    "impact.ImpactDecision": {"outcome": "returned"},
}
