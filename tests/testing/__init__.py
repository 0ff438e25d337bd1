"""Tests of the kit that plugins are tested with."""
