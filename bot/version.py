"""Which Schakelbot this is; the same as in pyproject.toml, which is not there where it runs."""

VERSION = "0.1.0"
