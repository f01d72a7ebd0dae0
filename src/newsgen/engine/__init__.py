"""The rim: the only rooms that read sources, keep the cache and write the output."""
