"""A plugin that brings a procedure of its own: the tests' sample of a bundle."""

from civic.api import Plugin

plugin = Plugin("plaza", __name__, title="Plaza", api=">=1.0,<2")
