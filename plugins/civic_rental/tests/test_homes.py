"""Homes for rent."""

HERE = "/c/erlonglu/rental/"


def test_everybody_finds_the_list(community, client):
    assert community.slug == "erlonglu"
    answer = client.get(HERE)
    assert answer.status_code == 200
    assert "<h1" in answer.text
