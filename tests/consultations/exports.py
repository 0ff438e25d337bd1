"""A small invented export of Polis, to be broken in one place at a time."""

from pathlib import Path

SMALL = {
    "summary.csv": (
        "topic,小区该不该装充电桩\n"
        "url,https://example.org/small\n"
        "views,12\nvoters,3\nvoters-in-conv,3\ncommenters,2\ncomments,3\ngroups,0\n"
        'conversation-description,"第一行\n\n第二行"\n'
    ),
    "comments.csv": (
        "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        '1500000002000,x,2,8,0,1,-1,"藏起来的\n一句话"\n'
        "1500000001000,x,1,7,2,1,1,应该装\n"
        "1500000000000,x,0,7,1,0,0,应该装！\n"
    ),
    "votes.csv": (
        "timestamp,datetime,comment-id,voter-id,vote\n"
        "1500000003000,x,0,7,1\n"
        "1500000004000,x,1,7,1\n"
        "1500000005000,x,1,8,1\n"
        "1500000006000,x,1,8,-1\n"  # replaces the line above
        "1500000005500,x,1,9,0\n"
        "1500000005500,x,2,9,-1\n"
    ),
    "participants-votes.csv": (
        "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2\n"
        "7,,2,2,2,0,1,1,\n"
        "8,0,1,1,0,1,,-1,\n"
        "9,1,0,2,0,1,,0,-1\n"
    ),
}


def write(folder: Path) -> Path:
    """Write the small export into a folder."""
    for name, text in SMALL.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def change(folder: Path, name: str, old: str, new: str) -> Path:
    """Replace a piece of one of its tables, which must be there."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder
