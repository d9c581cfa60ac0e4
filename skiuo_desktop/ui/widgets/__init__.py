"""Widgets that know nothing of recordings, and those that draw them."""
