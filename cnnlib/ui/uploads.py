"""A file that came in is read once, and then held no longer than it takes to read it.

Streamlit holds the bytes of each file for as long as the tab is open, and a lecture hall of open
tabs with a photograph each would fill the server.
"""

from typing import Any

from streamlit import runtime
from streamlit.runtime.uploaded_file_manager import UploadedFile


def take(file: UploadedFile) -> bytes:
    """Return what a file holds; from then on the server knows its name and id alone."""
    content = file.getvalue()
    if runtime.exists():
        manager: Any = runtime.get_instance().uploaded_file_mgr
        for session, files in [*manager.file_storage.items()]:
            if found := files.get(file.file_id):
                manager.add_file(session, found._replace(data=b""))
    return content
