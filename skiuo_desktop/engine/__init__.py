"""Wires the rooms together; one small file a stage. Runs without a screen."""
