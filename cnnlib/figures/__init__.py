"""Arrays to pictures: one palette, two themes, pure functions.

Code in here knows NumPy, Plotly and (for files) Pillow, never Streamlit, a session or a page.
"""
