"""What tests of the incubator say and where, for all of their modules."""

from civic.api import clock

HERE = "/c/erlonglu/incubator/"
NAMES = ("张建国", "李秀英", "王芳", "刘洋", "陈杰", "杨敏", "赵磊", "黄丽", "周涛", "吴静")
ANSWERS = {
    "need": "楼里独居老人多，中午没人做饭。",
    "meals": "40",
    "over80": "12",
    "delivery": "both",
    "licence": "yes",
    "activities": "与单位食堂合作，志愿者送餐。",
}


def local(moment):
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")
