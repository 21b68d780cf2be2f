"""What survives: the schema, transactions, and rows to domain objects and back. No rules, no Matrix."""
