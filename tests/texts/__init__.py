"""Every sentence that a person reads: complete, short, safe, and the same in plain text and HTML."""
