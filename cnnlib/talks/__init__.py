"""Talks: lectures as data. A list of beats, their text, and where a lecturer's own are kept.

Code in here knows no page and no screen: a beat names a lesson by its path in the address, and
whoever shows it says what to do if there is no such lesson.
"""
