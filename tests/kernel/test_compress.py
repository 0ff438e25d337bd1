"""Pages are packed where it helps and where the browser asks, and nowhere else."""

import gzip

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from civic.kernel import compress

TEXT = "<p>街道办事处</p>" * 200
PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("made", static_folder=None)
    compress.init_app(app)

    @app.get("/page")
    def page() -> Response:
        response = Response(TEXT)
        response.vary.add("HX-Request")
        response.set_etag("abc")
        return response

    app.add_url_rule("/small", "small", lambda: "<p>x</p>")
    app.add_url_rule("/stream", "stream", lambda: Response(iter([TEXT]), mimetype="text/html"))
    app.add_url_rule("/picture", "picture", lambda: Response(TEXT, mimetype="image/webp"))
    app.add_url_rule("/done", "done", lambda: Response(TEXT, headers={"Content-Encoding": "br"}))
    app.add_url_rule("/none", "none", lambda: ("", 204))
    app.add_url_rule("/json", "json", lambda: {"text": TEXT})
    app.add_url_rule(
        "/file", "file", lambda: Response(TEXT, headers={"Content-Disposition": "attachment"})
    )

    @app.get("/conditional")
    def conditional() -> Response:
        response = Response(TEXT)
        response.add_etag()
        from flask import request

        response.make_conditional(request)
        return response

    return app.test_client()


def test_a_page_is_packed(client: FlaskClient) -> None:
    response = client.get("/page", headers=PACKED)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data).decode() == TEXT
    assert response.content_length == len(response.data) < len(TEXT) / 5
    assert set(response.vary) == {"HX-Request", "Accept-Encoding"}
    assert response.get_etag() == ("abc", True)


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "*;q=0"])
def test_who_cannot_unpack_gets_it_plain(client: FlaskClient, accepted: str | None) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    response = client.get("/page", headers=headers)
    assert "Content-Encoding" not in response.headers
    assert response.text == TEXT
    assert "accept-encoding" in response.vary
    assert response.get_etag() == ("abc", False)


@pytest.mark.parametrize("path", ["/small", "/stream", "/picture", "/none", "/file", "/missing"])
def test_what_is_not_packed(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=PACKED)
    assert "Content-Encoding" not in response.headers


def test_nothing_is_packed_twice(client: FlaskClient) -> None:
    response = client.get("/done", headers=PACKED)
    assert response.headers["Content-Encoding"] == "br"
    assert response.data.decode() == TEXT


def test_json_is_packed(client: FlaskClient) -> None:
    assert client.get("/json", headers=PACKED).headers["Content-Encoding"] == "gzip"


def test_head_and_unchanged_pages(client: FlaskClient) -> None:
    assert client.head("/page", headers=PACKED).data == b""
    first = client.get("/conditional", headers=PACKED)
    again = {**PACKED, "If-None-Match": first.headers["ETag"]}
    second = client.get("/conditional", headers=again)
    assert (second.status_code, second.data) == (304, b"")
