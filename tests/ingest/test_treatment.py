"""A correction, an update, a writethru, a take, a lead and an amendment are told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.ingest.admission.admit import Admission
from services.ingest.items import Item
from services.ingest.lifecycle.treatment import treatment_of
from shared.article import Change, PubStatus, Treatment
from tests.ingest.desk import Desk, send
from tests.ingest.making import STORY, ninjs


@pytest.mark.parametrize(
    ("said", "treatment"),
    [
        ({}, None),
        ({"change": Change.CORRECTION}, Treatment.CORRECTION),
        ({"change": Change.CORRECTION, "ed_note": "1st Ld-Writethru"}, Treatment.CORRECTION),
        ({"change": Change.UPDATE}, Treatment.UPDATE),
        ({"ed_note": "UPDATES with a quotation"}, Treatment.UPDATE),
        ({"ed_note": "1st Ld"}, Treatment.LEAD),
        ({"ed_note": "New lead, adds the mayor"}, Treatment.LEAD),
        ({"ed_note": "2nd Ld-Writethru"}, Treatment.WRITETHRU),
        ({"ed_note": "WRITE-THROUGH"}, Treatment.WRITETHRU),
        ({"ed_note": "Take 2"}, Treatment.TAKE),
        ({"ed_note": "1st Add"}, Treatment.TAKE),
        ({"identity_inferred": True, "version": 2, "change": Change.UPDATE}, Treatment.LEAD),
        ({"identity_inferred": True, "slugline": "Ferry-Ellis add 2"}, Treatment.TAKE),
        ({"version": 2}, None),
        ({"headline": "Kenya take 1 wicket, update their lead"}, None),
        ({"ed_note": "With photos."}, None),
        ({"ed_note": f"{'With photos. ' * 20}1st Ld"}, None),
        ({"pub_status": PubStatus.CANCELED, "ed_note": "Kill the 1st Ld"}, None),
    ],
)
def test_copy_is_called_what_it_calls_itself(said: dict[str, Any], treatment: Treatment | None) -> None:
    item: Item = replace(STORY, **said)
    assert treatment_of(item) == treatment


async def test_article_says_how_its_copy_was_made(admission: Admission, desk: Desk) -> None:
    await send(admission, ninjs())
    await send(admission, ninjs(edNote="1st Ld-Writethru", headlines=[{"value": "Ferry returns, full"}]))
    first, second = (event.data.newsroom for event in desk.ingested)
    assert (first.treatment, second.change, second.treatment) == (None, Change.UPDATE, Treatment.WRITETHRU)
