META
key;value
description;Five dots each
budget;10
vote_type;cumulative
max_sum_points;5
PROJECTS
project_id;cost
a;1
b;1
c;1
VOTES
voter_id;vote;points
1;a,b;3,2
2;b;5
3;c,a;4,2
4;c;5
