"""Whether what readers are served is what the store holds."""
