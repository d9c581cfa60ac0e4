"""One file a schema revision, named rNNNN_what.py. Never change one that was released: add the next."""
