"""Texts of WTForms are in the language of the page, and read once for all pages."""

import pytest
from flask import Flask, request
from flask_wtf.i18n import translations


@pytest.mark.parametrize(
    ("language", "expected"), [("zh-Hans", "该字段是必填字段。"), ("en", "This field is required.")]
)
def test_they_speak_the_language_of_the_page(
    sqlite_app: Flask, language: str, expected: str
) -> None:
    found = []
    for _ in range(2):
        with sqlite_app.test_request_context(headers={"Cookie": f"lang={language}"}):
            assert translations.gettext("This field is required.") == expected
            found.append(request.wtforms_translations)
    assert found[0] is found[1]
