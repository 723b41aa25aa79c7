"""Arrays to pictures: one palette, one theme, pure functions.

Code in here knows NumPy and Plotly, never Streamlit, a session or a page.
"""
