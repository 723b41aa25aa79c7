"""The README's pictures and files are there, and the pictures are small enough to load fast."""

import re
import tomllib
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_files_that_documents_link_to_are_there():
    for document in ROOT.glob("*.md"):
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / target).exists(), f"{document.name} links to {target}"
    assert "](LICENSE)" in README


def test_two_pictures_stand_before_the_first_heading_with_words_for_who_sees_none():
    opening = README.partition("\n## ")[0]
    pictures = dict(re.findall(r"!\[([^]]*)\]\(([^)]+)\)", opening))
    assert set(pictures.values()) == {"assets/readme/drawing.gif", "assets/readme/classroom.png"}
    assert all(len(words) > 40 for words in pictures)


def test_the_moving_picture_moves_and_is_light():
    path = ROOT / "assets" / "readme" / "drawing.gif"
    assert path.stat().st_size <= 1_500_000
    with Image.open(path) as picture:
        assert 640 <= picture.width <= 800
        assert picture.n_frames > 20
        first = picture.convert("RGB")
        picture.seek(picture.n_frames - 1)
        assert picture.convert("RGB").tobytes() != first.tobytes()


def test_the_picture_is_a_whole_page():
    with Image.open(ROOT / "assets" / "readme" / "classroom.png") as picture:
        assert picture.size == (1280, 720)
        assert len(picture.convert("RGB").getcolors(10**6)) > 100


@pytest.mark.parametrize("name", ["readme", "license-files"])
def test_the_files_that_the_project_names_are_there(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = project[name] if isinstance(project[name], list) else [project[name]]
    assert all((ROOT / name).read_text(encoding="utf-8") for name in names)
    assert project["license"] == "MIT"
