"""Words that occur in what staff search, so that a mistyped one can be put right."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from concerns.models.concern import Concern
from engagement.places.models import Agency

LEXEME_LIMIT = 40


class Lexeme(models.Model):
    """A word that some case of the agency holds. It says nothing of which, and it is shown to
    nobody who may not read a case that holds it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=LEXEME_LIMIT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "word"], name="a_word_is_known_once"),
        ]
        indexes = [
            GinIndex(
                fields=["agency", "word"],
                opclasses=["int8_ops", "gin_trgm_ops"],
                name="words_alike_of_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"


class WordsDue(models.Model):
    """A case whose words are still to be learned; the database adds it, a sweep takes it away."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # The database forgets it with the case: it may add one while the case is being deleted.
    concern = models.ForeignKey(
        Concern, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )

    class Meta:
        verbose_name_plural = "words due"

    def __str__(self) -> str:
        return f"words of {self.concern_id}"
