"""Streamlit: giving a talk, making one, and taking it away."""
