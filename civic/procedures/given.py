"""What this room gives the app: its pages, what is due, and what it stores about people."""

from civic.procedures import desk_views, due, own_data, views

BLUEPRINTS = (views.bp, desk_views.bp)
DUE = (due.procedures,)
PART = own_data.PART
