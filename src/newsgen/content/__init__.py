"""A content file: its front matter, its Markdown, and the value that both make."""
