"""The reference library of CNN Classroom: convolutional networks in NumPy.

Everything at this level needs NumPy and nothing else, at import and in use.
The subpackages that need more say so in their own first lines:
`cnnlib.training` (PyTorch), `cnnlib.figures` (Plotly), `cnnlib.ui` (Streamlit).
Imports run one way: pages → ui → figures → core, training → core.
"""
