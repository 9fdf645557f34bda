"""Who has tried the door lately: rows, so that an emptied cache opens nothing."""

from django.db import models

from accounts.people.rules import Attempt, Counted


class SignInAttempt(models.Model):
    """One try at signing in, counted for an account or for a network address; gone after a day."""

    what = models.CharField(max_length=12, choices=[(a.value, a.value) for a in Attempt])
    counted = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Counted])
    key = models.CharField(max_length=64, help_text="A keyed digest of the email or the address: neither is kept")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key", "what", "at"], name="attempt_key_what_at"),
            models.Index(fields=["at"], name="attempt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.what} counted for {self.counted}"
