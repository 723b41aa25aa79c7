"""The files for a lasting server say what the server needs, and nginx can read its file."""

import os
import re
import shutil
import socket
import subprocess
import time
from urllib.parse import urlsplit

import pytest

from tests.browser import harness
from tests.server.raw import ask, open_socket

DEPLOY = harness.ROOT / "deploy"


def unit():
    found = {}
    for line in (DEPLOY / "classroom.service").read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_stops_the_server_first_and_has_files_memory_and_a_user_of_its_own():
    told = unit()
    assert told["KillMode"] == ["mixed"]
    assert told["LimitNOFILE"] == ["65536"]
    assert told["OOMPolicy"] == ["continue"]
    assert told["User"] == ["classroom"]
    assert re.fullmatch(r"\d+G", told["MemoryMax"][0])
    environment = dict(one.split("=") for one in told["Environment"])
    assert environment == {
        "CNN_CLASSROOM_DATA": "/var/lib/classroom",
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
    }


def test_the_units_command_names_options_and_a_script_that_are_there():
    (command,) = unit()["ExecStart"]
    words = command.split()
    assert words[1:5] == ["-m", "streamlit", "run", "serve.py"]
    assert (harness.ROOT / "serve.py").is_file()
    from streamlit import config

    options = [word.removeprefix("--").partition("=")[0] for word in words[5:]]
    assert options
    assert set(options) <= set(config.get_config_options())


def test_systemd_reads_the_unit():
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd here")
    told = subprocess.run(
        [analyze, "verify", str(DEPLOY / "classroom.service")],
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    assert "Unknown" not in told
    assert "Failed to parse" not in told


def test_the_proxy_names_no_version_of_python_and_writes_the_address_anew():
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert "python3" not in text
    assert re.search(r"proxy_set_header X-Forwarded-For +\$remote_addr;", text)
    assert "alias" not in text


@pytest.mark.parametrize(
    ("cookie", "same"),
    [("classroom_owner=abc-D_9", "abc-D_9"), ("x=1; classroom_owner_0123abcd=zz; y=2", "zz")],
)
def test_visitors_are_told_apart_by_the_apps_own_cookie(cookie, same):
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    (pattern,) = re.findall(r'"~(classroom_owner[^"]*)"', text)
    assert re.search(pattern.replace("?<", "?P<"), cookie)["owner"] == same


@pytest.fixture(scope="module")
def nginx():
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        told = "no nginx here: install Debian's with `apt-get install nginx-light`"
        if os.environ.get("REQUIRE_NGINX") == "1":
            pytest.fail(told)
        pytest.skip(told)
    return found


def written(folder, text):
    """Write nginx's files to a folder, the proxy's as this text; return the whole's path."""
    (folder / "classroom.conf").write_text(text)
    whole = folder / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {places} include {folder}/classroom.conf; }}\n"
    )
    return whole


def test_nginx_reads_its_file(nginx, tmp_path):
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"]
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = text.replace("/etc/ssl/classroom/fullchain.pem", str(certificate))
    text = text.replace("/etc/ssl/classroom/privkey.pem", str(key))
    command = [nginx, "-t", "-p", str(tmp_path), "-c", str(written(tmp_path, text))]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@pytest.fixture(scope="module")
def proxied(nginx, tmp_path_factory):
    """Serve the app behind nginx, without the certificate, and return nginx's address."""
    folder = tmp_path_factory.mktemp("nginx")
    with harness.serve(base="classroom") as address, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        text = (DEPLOY / "nginx.conf").read_text("utf-8")
        text = text.replace("server 127.0.0.1:8501;", f"server {urlsplit(address).netloc};")
        text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        text = text.replace("listen 80;", f"listen unix:{folder}/plain;")
        text = re.sub(r"\n *ssl_.*", "", text)
        command = [nginx, "-p", str(folder), "-c", str(written(folder, text))]
        process = subprocess.Popen(command)
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    assert process.poll() is None
                    time.sleep(0.02)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def test_behind_the_proxy_pages_sockets_and_cookies_are_the_apps_own(proxied):
    status, headers, page = ask(proxied, "/classroom/", Accept="text/html")
    assert (status, b"<title>" in page) == (200, True)
    (cookie,) = [value for name, value in headers if name == "set-cookie"]
    assert "Path=/classroom; HttpOnly; SameSite=Lax" in cookie
    assert dict(headers)["strict-transport-security"]
    path = "/classroom/_stcore/stream"
    for origin, told in ((proxied, 101), ("https://evil.example", 403)):
        wire, status = open_socket(proxied, path, Origin=origin)
        wire.close()
        assert status == told


def test_the_proxy_keeps_streamlits_year_in_caches_and_compresses(proxied):
    page = ask(proxied, "/classroom/")[2].decode()
    script = re.search(r'src="\./(static/js/index[^"]*)"', page)[1]
    _, headers, body = ask(proxied, f"/classroom/{script}", Accept_Encoding="gzip")
    told = dict(headers)
    assert "max-age=31536000" in told["cache-control"]
    assert told["content-encoding"] == "gzip"
    assert len(body) < 0.5 * len(ask(proxied, f"/classroom/{script}")[2])


def test_nobody_reads_metrics_through_the_proxy_or_claims_an_address(proxied):
    for said in ("127.0.0.1", "10.0.0.1"):
        assert ask(proxied, "/classroom/_stcore/metrics", X_Forwarded_For=said)[0] == 403
    assert ask(proxied, "/classroom/_stcore/health")[0] == 200
