"""Recomputes boxes and their draws from the rows in the database, and names what differs.

Ballots are read once, in the order of their numbers, and none are kept: memory stays constant.
Rows that cannot be as they are, or are not there, are differences like all others.
"""
