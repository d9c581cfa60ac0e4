"""Frames in, WebM out: sources, microphones, the recorder."""
