"""Talks, which are lectures as data: a list of beats, its text, and the store of lecturers' talks.

Code in here knows no page and no screen. A beat names a lesson by its path in the address; the
page that shows the beat decides what to do if there is no such lesson.
"""
