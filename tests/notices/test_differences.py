"""What a correction changed is told without losing or adding a character."""

from hypothesis import given
from hypothesis import strategies as st

from civic.notices.differences import ADDED, REMOVED, SAME, Piece, differences

words = st.text(st.sampled_from("停水通知九点明天 \nab1:0"), max_size=60)


@given(words, words)
def test_both_texts_can_be_read_from_the_pieces(old, new):
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == new
    assert all(piece.text for piece in pieces)
    if old == new:
        assert {piece.kind for piece in pieces} <= {SAME}


def test_a_character_of_chinese_is_a_piece_and_a_time_is_whole():
    assert differences("停水到12:50为止", "停水至13:00为止") == [
        Piece(SAME, "停水"),
        Piece(REMOVED, "到12:50"),
        Piece(ADDED, "至13:00"),
        Piece(SAME, "为止"),
    ]
