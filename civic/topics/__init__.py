"""Topics that residents hand in, their triage, and the yearly catalogue."""
