"""Streamlit: the lessons' pages, and the rooms in which they are shown."""
