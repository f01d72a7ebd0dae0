"""Pages: where they live, what each may see, and the bytes they become. Pure."""
