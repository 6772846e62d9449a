"""Reading boundaries and streets from files that strangers made. Nothing here touches the database.

A file is understood whole or refused whole: every function either returns everything,
with notices of what was repaired, or raises ImportRefused before anything is stored.
"""
