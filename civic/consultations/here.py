"""The case that the address of a page names."""

from flask import g

from civic.consultations import public
from civic.consultations.models import Consultation


def case_of(consultation_id: int) -> Consultation:
    """Return a published case of the current community; 404 for others."""
    return public.find(g.actor, g.community, consultation_id)
