"""Who may do what: principals, roles, and the rights that each operation needs."""
