"""What a person decides on the page shows on every page at once, and can be undone."""

from __future__ import annotations

import csv
import io
import json

from starlette.testclient import TestClient
from tests.cli_runner import quotetrack
from tests.web.test_reading import text_of

from quotetrack import Database

pytest_plugins = ("tests.filled_store", "tests.web.page")


def post(client: TestClient, path: str, token: str, **values: object) -> str:
    """Send a form, and return the address to which it leads."""
    answer = client.post(path, data={"token": token, **values}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_corrected_speaker_shows_everywhere_and_undo_takes_it_back(
    client: TestClient, token: str, db: Database, page_store: str
) -> None:
    sighting = db.show(3).utterance.sightings[0]
    wrong = sighting.speaker
    place = post(
        client, "/corrections", token, sighting=sighting.id, speaker="Nils Aker", back=f"/sightings/{sighting.id}"
    )
    page = client.get(place)
    assert "Nils Aker" in text_of(page.text)
    assert "Decided by a person: speaker." in text_of(page.text)
    assert "ines" in text_of(page.text)
    asked = client.get("/ask.json", params={"speaker": "Nils Aker"}).json()
    assert [u["words"] for u in asked["utterances"]] == [sighting.words]
    rows = csv.DictReader(io.StringIO(client.get("/ask.csv", params={"speaker": "Nils Aker"}).text))
    assert [row["speaker"] for row in rows] == ["Nils Aker"]
    printed = json.loads(quotetrack("ask", "what did Nils Aker say", "--json", "--database", page_store).stdout)
    assert printed["total"] == 1

    (correction,) = db.review.corrections()
    post(client, "/undo", token, kind="correction", number=correction.id, back="/utterances/3")
    assert client.get("/ask.json", params={"speaker": "Nils Aker"}).json()["total"] == 0
    assert db.show(3).utterance.speaker == wrong


def test_a_name_that_is_right_leaves_the_queue(client: TestClient, token: str, db: Database) -> None:
    doubt = db.review.queue()[0]
    assert f"{doubt.sighting.speaker} is right" in text_of(client.get("/review").text)
    post(client, "/corrections", token, sighting=doubt.sighting.id, speaker=doubt.sighting.speaker, back="/review?at=1")
    assert doubt.sighting.id not in [each.sighting.id for each in db.review.queue()]


def test_a_day_and_a_false_quotation_are_corrected(client: TestClient, token: str, db: Database) -> None:
    sighting = db.show(1).utterance.sightings[0]
    back = f"/sightings/{sighting.id}"
    place = post(client, "/corrections", token, sighting=sighting.id, day="2026-03-07..2026-03-09", back=back)
    assert "7 to 9 Mar 2026 (a person decided)" in text_of(client.get(place).text)
    post(client, "/corrections", token, sighting=sighting.id, not_a_quotation="true", back="/")
    assert client.get(back).status_code == 404


def test_a_speaker_is_corrected_in_all_outlets_at_once(client: TestClient, token: str, db: Database) -> None:
    number = len(db.show(1).utterance.sightings)
    assert f"in all {number} sightings" in text_of(client.get("/utterances/1").text)
    post(client, "/corrections", token, sighting=1, speaker="Nils Aker", everywhere="true", back="/utterances/1")
    assert {each.speaker for each in db.show(1).utterance.sightings} == {"Nils Aker"}
    assert len(db.show(1).utterance.sightings) == number


def test_two_sightings_are_judged_different(client: TestClient, token: str, db: Database) -> None:
    left, right, *_ = db.show(1).utterance.sightings
    place = post(client, "/judgements", token, left=left.id, right=right.id, same="false", back="/review")
    assert place.startswith("/review?done=judgement-")
    assert db.utterance_of(int(left.id)) != db.utterance_of(int(right.id))


def test_a_decision_that_cannot_be_is_told_and_nothing_is_recorded(
    client: TestClient, token: str, db: Database
) -> None:
    for values in ({"sighting": 9999, "speaker": "A"}, {"sighting": 1, "day": "soon"}, {"sighting": 1}):
        answer = client.post("/corrections", data={"token": token, **values})
        assert answer.status_code == 400
        assert "This did not work" in answer.text
    assert not db.review.corrections()


def test_agreement_counts_where_two_people_decided_the_same_question(
    client: TestClient, token: str, db: Database
) -> None:
    first, second, third = (db.show(number).utterance.sightings[0] for number in (1, 3, 5))
    for sighting, names in ((first, "AA"), (second, "AB"), (third, "BB")):
        for person, name in zip(("ines", "bo"), names, strict=True):
            db.review.correct(int(sighting.id), speaker=f"Nils {name}", by=person)
    page = text_of(client.get("/review/progress").text)
    assert "bo and ines" in page
    (found,) = db.review.progress()[1]
    assert (found.both, found.agreed) == (3, 2)
    assert len(db.review.corrections()) == 3  # an agreement is not a second decision in force

    judged = [db.review.judge(int(first.id), int(second.id), same=False, by=person) for person in ("ines", "bo")]
    assert judged[0].id == judged[1].id
    pairs = next(each for each in db.review.progress()[1] if each.question == "same utterance")
    assert (pairs.both, pairs.agreed) == (1, 1)

    for correction in db.review.corrections():
        db.review.undo_correction(correction.id)
    assert [each.question for each in db.review.progress()[1]] == ["same utterance"]


def test_who_agrees_is_not_offered_to_undo_the_decision_of_another(
    client: TestClient, token: str, db: Database
) -> None:
    first, second = (db.show(number).utterance.sightings[0].id for number in (1, 3))
    db.review.correct(int(first), speaker="Nils Aker", by="bo")
    db.review.judge(int(first), int(second), same=False, by="bo")
    for place in (
        post(client, "/corrections", token, sighting=first, speaker="Nils Aker", back=f"/sightings/{first}"),
        post(client, "/judgements", token, left=first, right=second, same=False, back="/review?at=1"),
    ):
        page = client.get(place).text
        assert "Your agreement is noted." in page and 'action="/undo"' not in page
    assert [each.decided_by for each in (*db.review.corrections(), *db.review.judgements())] == ["bo", "bo"]


def test_a_speaker_is_renamed_merged_separated_and_split(client: TestClient, token: str, db: Database) -> None:
    quill, brandt = db.speakers.show("Lucia Quill").id, db.speakers.show("Olu Brandt").id
    assert post(client, f"/speakers/{quill}/rename", token, name=" Lucia  Quill-Moe ") == f"/speakers/{quill}"
    assert db.speakers.show(quill).name == "Lucia Quill-Moe"
    assert post(client, f"/speakers/{brandt}/merge", token, into=str(quill)) == f"/speakers/{quill}"
    page = text_of(client.get(f"/speakers/{quill}").text)
    assert "Separate again" in page and "ines on" in page
    assert post(client, f"/speakers/{brandt}/revoke-merge", token) == f"/speakers/{brandt}"
    assert brandt not in db.speakers.show(quill).ids
    place = post(client, f"/speakers/{quill}/split", token, name="Lucia Quill-Moe")
    assert place not in (f"/speakers/{quill}", f"/speakers/{brandt}")
    assert "Lucia Quill-Moe" not in db.speakers.show(quill).names


def test_a_decision_about_a_speaker_that_cannot_be_is_told(client: TestClient, token: str, db: Database) -> None:
    before = [(each.id, each.names) for each in db.speakers.list()]
    for path, values, status in [
        ("/speakers/1/rename", {"name": "  "}, 400),
        ("/speakers/1/merge", {"into": "Nobody Known"}, 404),
        ("/speakers/9999/merge", {"into": "1"}, 404),
        ("/speakers/1/revoke-merge", {}, 400),
        ("/speakers/1/split", {"name": "Lucia Quill"}, 400),
    ]:
        answer = client.post(path, data={"token": token, **values})
        assert (answer.status_code, "This did not work" in answer.text) == (status, True), path
    refused = client.post("/speakers/1/rename", data={"name": "X Y"})
    assert refused.status_code == 403
    assert [(each.id, each.names) for each in db.speakers.list()] == before
