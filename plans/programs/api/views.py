"""Which programs may a caller read?"""

from django.db.models import Max, Prefetch, QuerySet
from rest_framework import generics

from plans.programs.models import Phase, Prescription, Program, ProgramVersion

from .serializers import ProgramDetailSerializer, ProgramSerializer


class ProgramList(generics.ListAPIView[Program]):
    """The programs of the clients you may see, newest first, by cursor."""

    serializer_class = ProgramSerializer
    queryset = Program.objects.none()

    def get_queryset(self) -> QuerySet[Program]:
        visible: QuerySet[Program] = Program.objects.visible_to(self.request.user).select_related("client")
        return visible.annotate(version_number=Max("versions__number"))


class ProgramDetail(generics.RetrieveAPIView[Program]):
    """One program with everything it has ever asked for."""

    serializer_class = ProgramDetailSerializer
    queryset = Program.objects.none()
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Program]:
        lines = Prescription.objects.select_related("revision__technique").order_by("position")
        phases = Phase.objects.order_by("position").prefetch_related(Prefetch("prescriptions", queryset=lines))
        versions = ProgramVersion.objects.order_by("-number").prefetch_related(Prefetch("phases", queryset=phases))
        visible: QuerySet[Program] = Program.objects.visible_to(self.request.user).select_related("client")
        return visible.annotate(version_number=Max("versions__number")).prefetch_related(
            Prefetch("versions", queryset=versions)
        )
