"""What others sign about people: tokens and their keys, the identity provider, roles read again, its sign-outs."""
