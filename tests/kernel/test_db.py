"""Transactions: a page is read from one state of the data."""

from flask import Flask
from sqlalchemy import text

from civic.kernel.db import db


def test_a_page_is_read_in_one_transaction_on_one_connection(app: Flask) -> None:
    with app.test_request_context("/"):
        first = db.session.connection()
        db.session.execute(text("SELECT 1"))
        assert db.session.connection() is first
        assert first.get_execution_options()["readonly"]
