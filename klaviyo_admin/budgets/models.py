"""The ledgers of all budgets, where several machines share one PostgreSQL; a single machine keeps them in a file."""

from django.db import models


class Budget(models.Model):
    """One ledger (klaviyo_admin.klaviyo.ledger) under the name of its account, operation and variant."""

    name = models.CharField(max_length=300, primary_key=True)
    ledger = models.BinaryField()

    def __str__(self) -> str:
        return self.name
