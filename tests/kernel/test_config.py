"""Settings, the key that is kept, and folders that do not do."""

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from civic.kernel import config
from civic.kernel.config import Settings
from civic.kernel.errors import Misconfigured


def test_defaults_serve_on_sqlite_in_the_folder(tmp_path: Path) -> None:
    settings = config.load({}, instance=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/civic.sqlite3"
    assert (settings.https, settings.proxies, settings.test_clock) == (False, 0, "")


def test_variables_are_read_by_kind(tmp_path: Path) -> None:
    settings = config.load(
        {
            "CIVIC_INSTANCE": str(tmp_path / "here"),
            "CIVIC_DATABASE_URL": "postgresql+psycopg://x/y",
            "CIVIC_HTTPS": "Yes",
            "CIVIC_COMMENTS_PER_HOUR": " 7 ",
            "OTHER": "ignored",
        }
    )
    assert settings.instance == tmp_path / "here"
    assert settings.database == "postgresql+psycopg://x/y"
    assert (settings.https, settings.comments_per_hour) == (True, 7)


def test_a_relative_folder_means_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load({"CIVIC_INSTANCE": "data"}).instance == tmp_path / "data"


def test_a_file_is_read_and_variables_win(tmp_path: Path) -> None:
    file = tmp_path / "civic.toml"
    file.write_text('https = true\nproxies = 2\nredis_url = "redis://one"\n', "utf-8")
    settings = config.load({"CIVIC_CONFIG": str(file), "CIVIC_REDIS_URL": "redis://two"})
    assert (settings.https, settings.proxies, settings.redis_url) == (True, 2, "redis://two")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("colour = 1", ["colour", "Known are", "database_url"]),
        ("https = maybe", ["cannot be read", "civic.toml"]),
        ('https = "maybe"', ["CIVIC_HTTPS", "maybe"]),
        ('proxies = "-1"', ["CIVIC_PROXIES", "-1"]),
        ("proxies = 1.5", ["CIVIC_PROXIES", "1.5"]),
    ],
)
def test_what_does_not_fit_is_one_sentence(tmp_path: Path, content: str, words: list[str]) -> None:
    file = tmp_path / "civic.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(Misconfigured) as told:
        config.load({"CIVIC_CONFIG": str(file)})
    assert "\n" not in str(told.value).strip()
    for word in words:
        assert word in str(told.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        config.load({"CIVIC_CONFIG": str(tmp_path / "none.toml")})


def test_every_setting_is_documented() -> None:
    for field in fields(Settings):
        assert f":ivar {field.name}:" in (Settings.__doc__ or "")


def test_the_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    settings = config.load({}, instance=tmp_path / "new" / "instance")
    first = config.prepare(settings).secret_key
    file = settings.instance / "secret_key"
    assert len(first) >= 48
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert config.prepare(settings).secret_key == first
    other = config.prepare(config.load({}, instance=tmp_path / "other"))
    assert other.secret_key != first


def test_a_key_that_is_given_is_not_kept(tmp_path: Path) -> None:
    settings = config.prepare(config.load({}, instance=tmp_path, secret_key="given" * 8))
    assert settings.secret_key == "given" * 8
    assert not (tmp_path / "secret_key").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured, match="cannot be written"):
        config.prepare(config.load({}, instance=tmp_path / "file" / "instance"))

    def refuse(_path: Path, *_more: object, **_others: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(Misconfigured) as told:
        config.prepare(config.load({}, instance=tmp_path))
    assert str(tmp_path) in str(told.value)
    assert "CIVIC_INSTANCE" in str(told.value)
