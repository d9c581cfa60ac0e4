"""Skiuo Desktop: records what happens in front of a camera and writes the record."""

__version__ = "0.1.0"
