"""What one person keeps of how they like to look at things."""

from django.db import models


class SavedView(models.Model):
    """A name that one person gave to a choice of filters of the inbox of one account; `query` is the address after "?"."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "account", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name
