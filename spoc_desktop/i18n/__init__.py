"""The program's words in the language of the person: catalogues, dates, durations, numbers.

Message ids are English; `resources/translations/<language>/LC_MESSAGES/spoc_desktop.po` holds each language and is read
as it is, so a fresh checkout needs no compile step. May import the standard library only; Qt never comes here.
"""

from spoc_desktop.i18n.catalogue import (
    LANGUAGES,
    Catalogue,
    CatalogueError,
    _,
    language,
    ngettext,
    npgettext,
    pgettext,
    read_catalogue,
    use,
)
from spoc_desktop.i18n.formats import (
    capital,
    clock,
    day,
    day_and_time,
    day_with_year,
    duration,
    moment,
    near_day,
    number,
    percent,
    short_date,
    short_day,
    size,
)

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "CatalogueError",
    "_",
    "capital",
    "clock",
    "day",
    "day_and_time",
    "day_with_year",
    "duration",
    "language",
    "moment",
    "near_day",
    "ngettext",
    "npgettext",
    "number",
    "percent",
    "pgettext",
    "read_catalogue",
    "short_date",
    "short_day",
    "size",
    "use",
]
