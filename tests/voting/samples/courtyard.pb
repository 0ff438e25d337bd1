META
key;value
description;The courtyard, invented
num_projects;5
num_votes;6
budget;1000.50
vote_type;approval
rule;greedy
min_length;1
max_length;3
PROJECTS
project_id;cost;name;selected
lamp;400;"A lamp; with two arms";1
bench;250.25;"A ""long"" bench";1
tree;350.25;Trees;1
box;100;Letter boxes;0
fan;900;Fan;0
VOTES
voter_id;vote
1;lamp,bench,tree
2;lamp,bench
3;bench,tree
4;
5;lamp,bench,tree,box
6;fan
