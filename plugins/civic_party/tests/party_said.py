"""What tests of party say and where, for all of their modules."""

from civic.api import clock

HERE = "/c/erlonglu/party/"
UNITS = ("金融街集团", "丰盛医院", "二龙路中学", "街道办事处")
HEADS = ("赵敏", "钱伟", "孙丽", "李强")


def local(moment):
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")
