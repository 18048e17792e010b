"""Forms: what they are, what they begin with, and how raw fields become clean values.

Pure: no database, no Flask.
"""
