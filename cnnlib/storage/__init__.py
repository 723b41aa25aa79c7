"""The database behind runs and talks: how it is opened, and what can go wrong, in words.

Modules here know rows and statements, and nothing of what a row means.
"""
