"""Streamlit: the rooms of the training page."""
