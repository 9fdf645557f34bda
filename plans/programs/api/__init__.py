"""Programs over the API: what is asked of the clients a caller may see."""

from .views import ProgramDetail, ProgramList

__all__ = ["ProgramDetail", "ProgramList"]
