"""Which notice on personal data a person has agreed to (PIPL §17).

What the notice says is what the domains have registered (`civic.kernel.own_data.notice`).
"""

#: Version of the notice; it changes with what the notice says, and each person's is kept.
VERSION = "2026-12-rooms"
