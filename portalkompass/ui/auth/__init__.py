"""Who may come in and what they may do: login, roles, permissions."""
