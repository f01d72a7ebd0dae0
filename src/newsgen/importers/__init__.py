"""From text that others wrote to content: what a source states is kept, what it does not state is left absent."""
