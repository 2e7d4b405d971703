"""Drafting together through sockets: the rooms of one process, each with the people who have one text open.

A room keeps a copy of the document to answer from at once. What it loses by dying is nothing: updates are acknowledged
when PostgreSQL has them, and clients send again what was not.
"""
