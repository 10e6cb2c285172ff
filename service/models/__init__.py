"""Models: teachers and students, registered by name, checked, versioned, promoted by alias."""
