"""Texts of plugins: they add to those of the core, change none, and a torn file stops no page."""

import sys
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import gettext, ngettext, pgettext

from civic.kernel.catalogues import catalogues
from tests.databases import make_app
from tests.sample import point

CODE = """
from civic.api import Plugin
plugin = Plugin("{name}", __name__, title="x", api=">=1.0,<2")
"""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
TEXTS = {
    "alder": 'msgid "Home"\nmsgstr "家"\n\nmsgid "Tree"\nmsgstr "甲"\n',
    "birch": 'msgid "Tree"\nmsgstr "乙"\n\nmsgctxt "plant"\nmsgid "Home"\nmsgstr "苗圃"\n\n'
    'msgid "%(num)d leaf"\nmsgid_plural "%(num)d leaves"\nmsgstr[0] "%(num)d 片叶"\n',
}


@pytest.fixture
def grove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    for name, texts in {**TEXTS, "cedar": ""}.items():
        monkeypatch.delitem(sys.modules, f"civic_{name}", raising=False)
        folder = tmp_path / f"civic_{name}" / "translations/zh_Hans_CN/LC_MESSAGES"
        folder.mkdir(parents=True)
        (tmp_path / f"civic_{name}/__init__.py").write_text(CODE.format(name=name))
        (folder / f"{name}.po").write_text(HEAD + texts, "utf-8")
    (folder / "cedar.po").write_bytes(b"msgid \xff\xfe")
    monkeypatch.syspath_prepend(tmp_path)
    return make_app(tmp_path / "instance", found=[point(name) for name in (*TEXTS, "cedar")])


def test_a_plugin_adds_texts_and_changes_none(grove: Flask, caplog: pytest.LogCaptureFixture):
    with grove.test_request_context("/", headers={"Cookie": "lang=zh-Hans"}):
        assert gettext("Home") == "首页"
        assert gettext("Tree") == "甲"
        assert pgettext("plant", "Home") == "苗圃"
        assert ngettext("%(num)d leaf", "%(num)d leaves", 3) == "3 片叶"
        assert gettext("Nobody knows this") == "Nobody knows this"
    assert "plugin cedar: its texts in zh_Hans_CN cannot be read" in caplog.text


def test_in_english_they_are_as_written(grove: Flask):
    with grove.test_request_context("/", headers={"Cookie": "lang=en"}):
        assert gettext("Tree") == "Tree"
        assert ngettext("%(num)d leaf", "%(num)d leaves", 1) == "1 leaf"
        assert ngettext("%(num)d leaf", "%(num)d leaves", 2) == "2 leaves"


def test_they_are_read_once_for_each_language(grove: Flask, monkeypatch: pytest.MonkeyPatch):
    read = []
    kept = catalogues(grove)
    monkeypatch.setattr(
        kept, "_read", lambda locale, how=kept._read: read.append(locale) or how(locale)
    )
    for _ in range(3):
        with grove.test_request_context("/", headers={"Cookie": "lang=zh-Hans"}):
            gettext("Tree")
    assert read == ["zh_Hans_CN"]


def test_a_compiled_catalogue_counts_where_it_is_newer(grove: Flask, tmp_path: Path):
    import os
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    made = Catalog(locale="zh_Hans_CN")
    made.add("Tree", "丁")
    data = BytesIO()
    write_mo(data, made)
    source = tmp_path / "civic_alder/translations/zh_Hans_CN/LC_MESSAGES/alder.po"
    compiled = source.with_suffix(".mo")
    compiled.write_bytes(data.getvalue())
    os.utime(compiled, (source.stat().st_atime, source.stat().st_mtime + 5))
    with grove.test_request_context("/", headers={"Cookie": "lang=zh-Hans"}):
        assert gettext("Tree") == "丁"
