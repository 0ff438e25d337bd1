"""Notices: written, checked by a second person, issued to an audience, corrected in the open."""
