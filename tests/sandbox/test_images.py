"""The room of images, and the pictures it serves."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from klaviyo_admin.sandbox import loopback, pictures
from tests.fakes import InProcess
from tests.sandbox.conftest import body

PNG = pictures.painted("mine")


class _Host(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path.endswith(".png") else 404)
        self.end_headers()
        self.wfile.write(PNG)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def host() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Host)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def upload(client: httpx.Client, address: str, **more: object) -> httpx.Response:
    return client.post("/api/images", json=body("image", {"import_from_url": address, **more}))


def test_an_image_is_fetched_kept_and_served(client: httpx.Client, host: str) -> None:
    shown = upload(client, f"{host}/a/logo.png").json()["data"]["attributes"]
    assert (shown["name"], shown["format"], shown["size"]) == ("logo", "png", len(PNG))
    picture = httpx.Client(transport=client._transport).get(shown["image_url"])
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert upload(client, f"{host}/nothing").status_code == 400


def test_a_name_that_is_taken_gets_a_number(client: httpx.Client) -> None:
    uri = "data:image/png;base64," + base64.b64encode(PNG).decode()
    names = [upload(client, uri, name="logo").json()["data"]["attributes"]["name"] for _ in range(3)]
    assert len(set(names)) == 3
    assert names[0] == "logo"


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,%%%",
        "data:text/plain,hello",
        "ftp://example.com/a.png",
        "a.png",
        "https://",
        "http://[bad",
        "http://127.0.0.1:1/a.png",
    ],
)
def test_what_is_no_image_is_refused(client: httpx.Client, address: str) -> None:
    assert upload(client, address).status_code == 400


def test_a_file_is_taken_as_a_form(box: InProcess, client: httpx.Client) -> None:
    headers = {n: v for n, v in client.headers.items() if n != "content-type"}
    with httpx.Client(transport=box.transport, base_url=box.url, headers=headers) as sender:
        answer = sender.post("/api/image-upload", files={"file": ("b.png", PNG)}, data={"hidden": "true"})
        assert answer.status_code == 201
        assert answer.json()["data"]["attributes"]["hidden"] is True
        box.advance(1)
        assert sender.post("/api/image-upload", files={"file": ("b.png", b"no picture")}).status_code == 400
        box.advance(1)
        assert sender.post("/api/image-upload", data={"name": "x"}, files={"other": b"x"}).status_code == 400
    assert client.post("/api/image-upload", json={"file": "x"}).status_code == 415


def test_hidden_images_are_listed_only_when_asked_for(client: httpx.Client) -> None:
    ident = upload(client, "https://example.com/a.png", hidden=True).json()["data"]["id"]
    assert ident not in [i["id"] for i in client.get("/api/images").json()["data"]]
    assert ident in [i["id"] for i in client.get("/api/images?filter=equals(hidden,true)").json()["data"]]


def test_an_update_replaces_both_attributes(client: httpx.Client) -> None:
    ident = upload(client, "https://example.com/a.png", name="a").json()["data"]["id"]
    shown = client.patch(f"/api/images/{ident}", json=body("image", {"hidden": True}, ident)).json()["data"][
        "attributes"
    ]
    assert (shown["name"], shown["hidden"]) == (None, True)


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("http://127.0.0.1:8000/x", True),
        ("https://localhost/x", True),
        ("http://[::1]:80/", True),
        ("http://127.0.0.1.example.com/", False),
        ("http://localhost.example.com/", False),
        ("http://user@10.0.0.1/", False),
        ("http://127.0.0.1@example.com/", False),
        ("https://example.com/127.0.0.1", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_this_machine_is_near(address: str, near: bool) -> None:
    assert loopback.is_near(address) is near
