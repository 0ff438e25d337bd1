"""Bodies and meetings as they are played."""

HERE = "/c/erlonglu/party/"
