"""The only folder that imports nio: client, sync loop, identity, trust and rooms. No rules, no database."""
