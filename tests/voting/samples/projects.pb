META
key；value
description；Three, two, one
budget；900
vote_type；ordinal
rule；greedy
max_length；3
PROJECTS
project_id；cost；selected
１；500；1
２；500；0
３；400；1
VOTES
voter_id；vote
a；１，２，３
b；１，３
c；３，２
