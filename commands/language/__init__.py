"""What people type, and what they mean by it: from a line of text to a verb and its command. Pure; nothing is done."""
