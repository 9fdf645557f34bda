"""One factory per model, a module per slice."""

from .followup import *  # noqa: F403
from .journal import *  # noqa: F403
from .library import *  # noqa: F403
from .people import *  # noqa: F403
from .post import *  # noqa: F403
from .programs import *  # noqa: F403
