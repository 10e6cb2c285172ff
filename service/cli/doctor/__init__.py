"""`stillhouse doctor`: looks at an installation and at the service, and says what to do about what it finds."""
