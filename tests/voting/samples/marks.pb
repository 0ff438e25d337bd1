META
key;value
description;Marks from 0 to 4
budget;10
vote_type;scoring
min_points;0
max_points;4
PROJECTS
project_id;cost
a;1
b;1
VOTES
voter_id;vote;points
1;a,b;4,1
2;b,a;4,0
3;a;5
