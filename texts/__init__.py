"""Every sentence that a person reads, in Dutch, as pure functions. Nothing is sent or looked up here."""
