"""What the half of the plugin with the three lists gives to its hooks."""

from civic_party import joint_models, list_models

#: Imported for the tables and routes that they add.
LISTS = (joint_models, list_models)
