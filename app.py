"""CNN Classroom. Start it with `make run`, or `streamlit run app.py`."""

from cnnlib.ui import router

router.run()
