"""The style guide: a page that shows every component with its states."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import BooleanField, Form, RadioField, StringField, TextAreaField

from civic.kernel import choices, clock, i18n

bp = Blueprint("guide", __name__)


class Sample(Form):
    """Show each kind of field."""

    text = StringField("姓名", default="王桂兰")
    note = TextAreaField("说明", description="写一两句话就好。")
    choice = RadioField(
        "您是否年满18周岁？", choices=choices.listed([("a", "是"), ("b", "否")]), default="a"
    )
    tick = BooleanField("我已阅读并同意")
    bad = StringField("手机号", default="138")


def _sample() -> dict[str, Any]:
    """Return a small invented case in all its parts."""
    now = clock.now()
    week = timedelta(days=7)
    comment = {"at": now - timedelta(hours=2), "office": "", "hidden": "", "place": "6号楼 · 居民"}
    return {
        "question": "二龙路夜间停车怎么安排？",
        "ask": {
            "title": "请您投票",
            "text": "四个方案选一个，可以弃权。",
            "action": "去投票",
            "icon": "ballot",
        },
        "stages": [
            {"name": "征求意见", "state": "done", "when": i18n.day(now - week)},
            {"name": "投票", "state": "current", "when": i18n.remaining(now + week)},
            {"name": "公布结果", "state": "later", "when": i18n.day(now + week)},
        ],
        "events": [
            {"title": "开始征求意见", "at": now - week, "state": "past", "text": ""},
            {"title": "投票截止", "at": now + week, "state": "later", "text": "截止后公布结果"},
        ],
        "statement": "晚上八点以后，小区的空车位应当先给本楼居民使用。",
        "comments": [
            comment
            | {"id": 1, "author": "王*", "html": Markup("<p>住五楼，<strong>支持</strong>。</p>")},
            comment
            | {
                "id": 2,
                "author": "周*",
                "office": "二龙路社区党委",
                "html": Markup("<p>已经请物业核对车位数，周五公布。</p>"),
            },
            comment | {"id": 3, "author": "陈*", "html": Markup("<p>…</p>"), "hidden": "包含广告"},
        ],
        "reason": "包含他人的个人信息",
        "options": [
            {"id": 1, "label": "东侧划线", "detail": "约12个车位"},
            {"id": 2, "label": "西侧划线", "detail": ""},
        ],
        "secrecy": "只有您自己看得到您的选择。",
        "rows": [
            {"label": "东侧划线", "count": 41, "kind": ""},
            {"label": "西侧划线", "count": 17, "kind": ""},
        ],
        "base": 58,
        "base_name": "张有效选择，弃权不计入",
        "notice": {
            "kind": "公示",
            "is_display": True,
            "state": "display",
            "version": 1,
            "number": "二龙路社区公示〔2026〕1号",
            "title": "关于楼门口加装扶手的公示",
            "matter": "首批八个楼门的位置",
            "html": Markup("<p>有不同意见的，请在公示期内提出。</p>"),
            "display_days": "7天",
            "objection_telephone": "010-0000-1001",
            "office": "二龙路社区居民委员会",
            "day": i18n.day(now),
        },
    }


@bp.get("/styleguide")
def styleguide() -> str:
    """Show every component with its states."""
    form = Sample()
    form.bad.errors = [_("This is not a whole telephone number. Numbers from abroad begin with +.")]
    return render_template("styleguide.html", now=clock.now(), form=form, sample=_sample())
