"""Two tables as a tutorial would make them."""

from django.conf import settings
from django.db import models


class Token(models.Model):
    key = models.CharField(max_length=40, primary_key=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects: models.Manager["Token"] = models.Manager()

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """A score, 0-10, with a note."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    score = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)

    objects: models.Manager["Entry"] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="control_entry_user_at")]

    def __str__(self) -> str:
        return f"{self.score} at {self.at}"


class Mail(models.Model):
    """What a sender with two commits a letter needs."""

    address = models.EmailField()
    text = models.TextField()
    state = models.CharField(max_length=10, default="pending", db_index=True)

    objects: models.Manager["Mail"] = models.Manager()

    def __str__(self) -> str:
        return f"to {self.address}, {self.state}"
