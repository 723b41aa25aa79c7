"""The database behind runs and talks: how it is opened, its tables, and every statement.

Modules here take and give rows of plain values; the meaning of a row is unknown to them.
"""
