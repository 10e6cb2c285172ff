"""Recipes: specs that ship with Stillhouse and fill the form of the dashboard."""
