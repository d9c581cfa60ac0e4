"""The `skiuo` command."""
