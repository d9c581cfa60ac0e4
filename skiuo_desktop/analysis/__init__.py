"""Asking models what happens in a window: providers, their registry, prompts."""
