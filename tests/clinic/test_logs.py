"""What the log may say about an address that is a key."""

import logging

import pytest

from clinic.logs import HideKeys


def said(message, *args):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, args, None)
    assert HideKeys().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/i/2-1-a8201ab9/", "/i/…/"),
        ("/i/2-1-a8201ab9/again/", "/i/…/again/"),
        ("/u/12-1-77ab/", "/u/…/"),
        ("/account/password/reset/key/1-d57vo0-e519a2/", "/account/password/reset/key/…/"),
        ("/i/code/", "/i/code/"),
        ("/clients/798e491d-fbba-4de6-8cd7-625181ba82c1/", "/clients/798e491d-fbba-4de6-8cd7-625181ba82c1/"),
    ],
)
def test_a_key_is_left_out_and_an_id_is_not(address, shown):
    assert said("Not Found: %s", address) == f"Not Found: {shown}"


def test_what_holds_no_key_is_said_as_it_was():
    assert said("%s rows, %s%%", 3, 50) == "3 rows, 50%"


@pytest.mark.parametrize("method", ["get", "put"])
def test_a_refused_link_is_not_in_the_log(db, client, caplog, method):
    getattr(client, method)("/i/2-1-a8201ab94d618a239412a8dff5b07d9d/")
    assert "a8201ab9" not in caplog.text
    assert "/i/…/" in caplog.text
