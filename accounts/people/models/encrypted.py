"""Words that only the people they are meant for may read: a text column that is cipher text at rest."""

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def _keys() -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())) for secret in settings.FIELD_KEYS]
    )


class EncryptedTextField(models.TextField):
    """Text kept as Fernet cipher text; the first of FIELD_KEYS encrypts, all of them decrypt.

    It cannot be searched or compared in the database; an empty text stays empty, so that a
    constraint can still ask whether there is one.
    """

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        if not plain:
            return plain
        return _keys().encrypt(plain.encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        if not value:
            return value
        return _keys().decrypt(value.encode()).decode()
