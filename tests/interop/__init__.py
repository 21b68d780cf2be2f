"""Tests with Element's own stack (the SDK of Element Web with its Rust crypto): a client that is not ours."""
