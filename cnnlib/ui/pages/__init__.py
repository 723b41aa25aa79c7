"""Streamlit: the lessons; what each shows, and the rooms it is shown in."""
