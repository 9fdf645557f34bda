"""What did the bodyworker decide when a client was invited?"""

from accounts.people.models import Client
from plans.programs.models import Prescription, TemplateItem


def swaps_of(client: Client) -> list[tuple[str, str]]:
    """Techniques of the templates that this client was given otherwise: the template's, and what stands for it.

    The second is empty where one was left out. First versions alone: later changes are changes, not swaps.
    """
    lines = Prescription.objects.filter(phase__version__program__client=client, phase__version__number=1)
    given = {}
    programs = set()
    for line in lines.select_related("phase__version__program", "revision"):
        program = line.phase.version.program
        programs.add((program.template_id, program.pk))
        given[(program.pk, line.phase.position, line.position)] = line.revision.name
    items = TemplateItem.objects.filter(phase__template__in=[template for template, _ in programs])
    swaps = [
        (item.technique.current.name, given.get((program, item.phase.position, item.position), ""))
        for item in items.select_related("phase", "technique__current").order_by("phase__position", "position")
        for template, program in programs
        if template == item.phase.template_id and item.technique.current
    ]
    return list(dict.fromkeys(swap for swap in swaps if swap[0] != swap[1]))
