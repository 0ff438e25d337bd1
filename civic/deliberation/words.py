"""Codes of this room in words."""

from flask_babel import lazy_gettext as _l

from civic.deliberation.models import AGAINST, FOR

SIDES = {FOR: _l("In favour"), AGAINST: _l("Against")}
