"""Notifications: what concerns a person reaches them, in the site and by mail."""
