"""Tables of holidays and make-up workdays, one for each year, as staff upload them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db import Model


class HolidayYear(Model):
    """Keep the table of one year.

    :ivar off: days off by the year's arrangement, as ISO dates.
    :ivar work: Saturdays and Sundays that are worked, as ISO dates.
    :ivar source: the document it was taken from, in words.
    """

    year: Mapped[int] = mapped_column(primary_key=True)
    off: Mapped[list[str]]
    work: Mapped[list[str]]
    source: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
