"""What the public may read about a concern: a projection, written at publication.

Nothing here is copied from the reporter's words or point; see `anchors`.
"""

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from concerns.published.release_models import Figure as Figure
from concerns.published.release_models import Release as Release
from engagement.doors.pictures.store import NAME_LENGTH
from engagement.places.models import Agency, Area
from engagement.places.wording import TranslatedText


class Precision(models.TextChoices):
    STREET = "street", _("Near this place on the street")
    BLOCK = "block", _("Somewhere in this block")
    AREA = "area", _("Somewhere in this area")
    COUNT = "count", _("Only counted")


class JsonWords(Func):
    """Every text inside a JSON value as search words, in whatever language it is."""

    function = "jsonb_to_tsvector"
    template = "%(function)s('simple'::regconfig, %(expressions)s, '[\"string\"]'::jsonb)"
    output_field = SearchVectorField()


class PlainWords(Func):
    """A plain text as search words."""

    function = "to_tsvector"
    template = "%(function)s('simple'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()


class AllWords(Func):
    arg_joiner = " || "
    template = "%(expressions)s"
    output_field = SearchVectorField()


class PublicConcern(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=16, unique=True)
    category_code = models.SlugField(max_length=40)
    category_label = TranslatedText()
    group = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, blank=True, default="")
    anchor_lon = models.FloatField(null=True)
    anchor_lat = models.FloatField(null=True)
    precision = models.CharField(max_length=10, choices=Precision)
    place_label = models.CharField(max_length=200)
    summary = TranslatedText()
    published_on = models.DateField()
    received_on = models.DateField()
    resolved_on = models.DateField(null=True)
    # Who outside has it now, and until when they were asked to be done; only while it waits.
    waits_for = models.CharField(max_length=120, blank=True, default="", db_default="")
    waits_until = models.DateField(null=True)
    search = models.GeneratedField(
        expression=AllWords(
            JsonWords("summary"), JsonWords("category_label"), PlainWords("place_label")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("published concern")
        verbose_name_plural = _("published concerns")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_published_concern_belongs_to_one_agency"
            ),
            models.CheckConstraint(
                condition=Q(
                    precision__in=[Precision.STREET, Precision.BLOCK],
                    anchor_lon__isnull=False,
                    anchor_lat__isnull=False,
                )
                | Q(precision=Precision.AREA, anchor_lon__isnull=True, anchor_lat__isnull=True),
                name="a_published_concern_has_an_anchor_unless_it_shows_an_area",
            ),
        ]
        indexes = [
            # With all that clusters on the map need, so that no row is read for them.
            models.Index(
                fields=["agency", "-received_on", "-id"],
                include=["anchor_lon", "anchor_lat", "reference", "state", "category_code"],
                name="published_newest_first",
            ),
            models.Index(
                fields=["agency", "category_code", "-received_on", "-id"],
                name="published_of_a_category",
            ),
            models.Index(
                fields=["agency", "state", "-received_on", "-id"],
                name="published_in_a_state",
            ),
            GistIndex(
                Func(F("anchor_lon"), F("anchor_lat"), function="point"),
                name="published_anchors",
                condition=Q(anchor_lon__isnull=False),
            ),
            # Place and day in one look: what is near and open, or was done not long ago.
            GistIndex(
                Func(F("anchor_lon"), F("anchor_lat"), function="point"),
                Func(F("resolved_on"), template="daterange(NULL, %(expressions)s, '[]')"),
                name="published_near_and_recent",
                condition=Q(anchor_lon__isnull=False),
            ),
            GinIndex(fields=["agency", "search"], name="published_words_of_an_agency"),
        ]

    def __str__(self) -> str:
        return self.reference


class PublicConcernArea(models.Model):
    """One area that holds the anchor (never: that holds the point)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    public_concern = models.ForeignKey(
        PublicConcern, on_delete=models.CASCADE, related_name="areas"
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["public_concern", "area"], name="a_published_concern_lies_in_an_area_once"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "area", "-public_concern"], name="published_in_an_area"),
        ]

    def __str__(self) -> str:
        return f"{self.public_concern_id} in {self.area_id}"


class PublicUpdate(models.Model):
    """What staff told the public later, newest last."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    public_concern = models.ForeignKey(
        PublicConcern, on_delete=models.CASCADE, related_name="updates"
    )
    published_on = models.DateField()
    text = TranslatedText()

    class Meta:
        ordering = ("public_concern", "id")

    def __str__(self) -> str:
        return f"update of {self.public_concern_id}"


class PublicMove(models.Model):
    """The address of a page whose concern was joined with another that is public too.

    It goes with the page that it leads to, so no address tells of a case that nobody may read.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=16, unique=True)
    public_concern = models.ForeignKey(
        PublicConcern, on_delete=models.CASCADE, related_name="moved_here"
    )

    def __str__(self) -> str:
        return self.reference


class Prevention(models.Model):
    """What people can do themselves against one kind of concern; shown with that kind."""

    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="+"
    )
    category_code = models.SlugField(
        _("code of the category"), max_length=40, help_text=_("As its category has it: graffiti.")
    )
    advice = TranslatedText(
        _("advice"), help_text=_("What neighbors can do so that it does not happen again.")
    )

    class Meta:
        verbose_name = _("prevention advice")
        verbose_name_plural = _("prevention advice")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "category_code"], name="a_kind_has_one_advice_in_an_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.category_code


class Support(models.Model):
    """How many others say "mine too", as far as the public learns it.

    A released number, set once a day: at least so many, a rounded step from 10 up.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    public_concern = models.OneToOneField(
        PublicConcern, on_delete=models.CASCADE, related_name="support"
    )
    at_least = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at_least__gte=10), name="fewer_than_ten_are_never_shown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_concern_id}: {self.at_least}"


class PublicPhoto(models.Model):
    """A photo that staff looked at, covered where needed and chose to show.

    `name` is the file of this very copy: another choice makes another file, and this one goes.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    public_concern = models.ForeignKey(
        PublicConcern, on_delete=models.CASCADE, related_name="photos"
    )
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    shows = TranslatedText()

    class Meta:
        ordering = ("public_concern", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_public_photo_belongs_to_one_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"photo of {self.public_concern_id}"


class MapCount(models.Model):
    """How many published concerns a cell of the map holds, for one way of looking at the map.

    `dimension` is "all", "kind:<code>", "progress:open", "progress:done" or "area:<id>". Sums are
    of millionths of a degree, and of row numbers: where one concern is left, the sum names it.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+", db_index=False)
    dimension = models.CharField(max_length=60)
    zoom = models.PositiveSmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    number = models.IntegerField()
    lon_sum = models.BigIntegerField()
    lat_sum = models.BigIntegerField()
    id_sum = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "dimension", "zoom", "x", "y"], name="a_cell_is_counted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.zoom}/{self.x}/{self.y}"


class MapChange(models.Model):
    """One concern more or less in a cell of the finest kept zoom, until a sweep adds it up.

    Written by triggers: a counter changed in place would let publishing wait for publishing.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+", db_index=False)
    dimension = models.CharField(max_length=60)
    x = models.IntegerField()
    y = models.IntegerField()
    lon = models.IntegerField()
    lat = models.IntegerField()
    number = models.SmallIntegerField()
    public_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["agency", "dimension"], name="map_changes_to_add_up")]

    def __str__(self) -> str:
        return f"{self.number:+} {self.dimension} {self.x}/{self.y}"
