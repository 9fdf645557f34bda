"""Which part of the library does the reader want to see?"""

from typing import Any

from django import forms

from accounts.people.models import Clinic

from .models import Muscle, TriggerPoint
from .rules import AREAS, DeliveredBy, Equipment, TechniqueKind

LONGEST_SEARCH = 100


class ShelfForm(forms.Form):
    """What stands in the address of the library: nothing is required, a word nobody knows is refused."""

    q = forms.CharField(required=False, max_length=LONGEST_SEARCH)
    area = forms.ChoiceField(required=False, choices=list(AREAS.items()))
    muscle: "forms.ModelChoiceField[Muscle]" = forms.ModelChoiceField(
        Muscle.objects.none(), required=False, to_field_name="slug"
    )
    point: "forms.ModelChoiceField[TriggerPoint]" = forms.ModelChoiceField(
        TriggerPoint.objects.none(), required=False, to_field_name="slug"
    )
    kind = forms.ChoiceField(required=False, choices=[(kind.value, kind.value) for kind in TechniqueKind])
    tool = forms.ChoiceField(required=False, choices=[(tool.value, tool.value) for tool in Equipment])
    by = forms.ChoiceField(required=False, choices=[(who.value, who.value) for who in DeliveredBy])
    all = forms.BooleanField(required=False)

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["muscle"].queryset = Muscle.objects.of(clinic)  # type: ignore[attr-defined]
        points = TriggerPoint.objects.of(clinic).select_related("muscle")
        self.fields["point"].queryset = points  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A trigger point says which muscle, a muscle says which area."""
        chosen = super().clean() or self.cleaned_data
        if point := chosen.get("point"):
            chosen["muscle"] = point.muscle
        if muscle := chosen.get("muscle"):
            chosen["area"] = muscle.region
        return chosen
