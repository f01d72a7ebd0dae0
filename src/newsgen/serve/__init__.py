"""The dev server: watch the sources, build on change, serve the last good site, tell the open browsers."""
