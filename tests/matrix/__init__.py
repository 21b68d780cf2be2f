"""The folder bot/matrix on a real homeserver, with clients that are not ours."""
