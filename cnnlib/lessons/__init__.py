"""Lessons as values: one module for each, with a state from which figure, words and code follow.

Modules here know nothing of Streamlit, so that a page, lecture notes, a test and a notebook use
the same lesson. They may use the core, walkthroughs, figures, peers, and the events of runs.
"""
