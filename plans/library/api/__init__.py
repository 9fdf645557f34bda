"""The library over the API: techniques to search, narrow and read."""

from .views import TechniqueDetail, TechniqueList

__all__ = ["TechniqueDetail", "TechniqueList"]
