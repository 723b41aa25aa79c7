"""Streamlit: the lessons' registry, the page frame, sessions and components.

Code in here computes nothing that is taught; it carries values between the browser and
the core. Nothing below this level may import it.
"""
