"""What gives a person away in a folded text, one kind in each file. domain.privacy puts them together.

Every quantifier in a pattern here has an upper bound and each pattern walks the text once, so the work is linear
in the length of the text, whatever somebody typed.
"""
