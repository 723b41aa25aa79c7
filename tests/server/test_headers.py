"""Every answer says that a page keeps to its own server, and who may show it in a frame."""

import base64
import hashlib
import re

import pytest

from cnnlib.server.headers import frames, policy
from tests.server.raw import ask


@pytest.mark.parametrize(
    "path", ["/", "/train", "/_stcore/health", "/favicon.png", "/nothing.js", "/?" + "a" * 20_000]
)
def test_every_answer_has_the_headers(served, path):
    _, found, _ = ask(served, path)
    headers = dict(found)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'self'"
    assert "'unsafe-" not in rules["script-src"].replace("'wasm-unsafe-eval'", "")
    assert not re.search(r"https?:|\*", headers["content-security-policy"])


def test_the_scripts_in_streamlits_page_are_allowed_and_no_other(served):
    page = ask(served, "/")[2].decode()
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert inline
    told = policy(page, [])
    assert len(re.findall("sha256-", told)) == len(inline)
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in dict(ask(served, "/")[1])["content-security-policy"]


def test_other_hosts_show_the_app_in_a_frame_if_the_keeper_names_them():
    named = frames(" https://lms.example.org http://*.example.net:8080 ")
    assert policy("", named).endswith(
        "frame-ancestors 'self' https://lms.example.org http://*.example.net:8080"
    )
    assert frames("") == []


@pytest.mark.parametrize("text", ["*", "lms.example.org", "https://a; script-src *", "https://a/b"])
def test_a_name_that_is_no_origin_is_refused(text):
    with pytest.raises(ValueError, match="is no origin: write it as https://"):
        frames(text)


def test_behind_https_every_cookie_is_sent_over_https_alone(served):
    for said, secure in (("https", True), ("http", False)):
        for path in ("/", "/_stcore/host-config", "/_stcore/health"):
            _, headers, _ = ask(served, path, Accept="text/html", X_Forwarded_Proto=said)
            cookies = [value for name, value in headers if name == "set-cookie"]
            assert cookies or path != "/"
            assert all(("secure" in one.lower()) is secure for one in cookies), path
            assert all(one.lower().count("; secure") <= 1 for one in cookies)
