"""Names as others may read them (domain.md §1, masking rules)."""

#: Surnames of two characters that are still borne; a longer list would change nothing here.
COMPOUND = frozenset(
    {
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "司空",
        "端木",
        "夏侯",
        "长孙",
        "宇文",
        "轩辕",
        "南宫",
        "呼延",
        "闻人",
    }
)


def masked(name: str) -> str:
    """Return a name with all but the surname covered: 张桂兰 is 张*, Jane is J*."""
    name = name.strip()
    surname = name[:2] if name[:2] in COMPOUND else name[:1]
    return f"{surname}*"


#: What others read in the place of somebody who has closed their account.
GONE = "已注销的用户"
