"""The news middle: what is published, under which tags, by whom, in which order. Pure."""
