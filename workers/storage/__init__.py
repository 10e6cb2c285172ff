"""Storage that is no folder: objects below a URI, and how attempts and service keep local folders equal to them.

Light: neither torch nor Ray. fsspec is imported when a URI is opened.
"""
