"""Lecture notes: a talk's beats as figures and sentences, in one HTML file, without Streamlit."""
