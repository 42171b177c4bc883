"""Synthetic sightings for the benchmarks of linking, and a store filled with them; the same seed gives the same ones.

They cost the linker as much as news does: words follow Zipf's law, lengths go from a phrase to a speech, most
utterances are carried once and some by hundreds of outlets within a day (a wire report), and each carrier copies, cuts
or edits the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from random import Random

from sqlalchemy import insert

from quotetrack.core.domain import Sighting
from quotetrack.core.normalize import sha256, wording_key
from quotetrack.store import Session
from quotetrack.store.tables import Base, OutletRow, RunRow

VOCABULARY = 30_000
SPEAKERS = 5_000
OUTLETS = 400
UTTERANCES_A_DAY = 2_000
LONGEST_BURST = 800
EDITED = 0.4  # share of the carriers that do not print the whole
SHORTEST, LONGEST = 4, 80  # words; the median is 16
FIRST_DAY = date(2031, 1, 1)
NOW = datetime(2031, 1, 1, tzinfo=UTC)
SYLLABLES = "ba do ke li mu na po ra si tu ve wa yo zan fer lin mor tas vel dun".split()
ROWS_AT_ONCE = 20_000


def sightings(seed: int = 1) -> Iterator[Sighting]:
    """Yield sightings without end, numbered from 1; the carriers of an utterance are spread over the next days."""
    random = Random(seed)
    words = [_word(number) for number in range(VOCABULARY)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
    waiting: list[tuple[float, int, str, str]] = []  # day, order, words, speaker
    number = 0
    for event in range(10**9):
        said = _said(random, words, weights)
        day = event / UTTERANCES_A_DAY
        speaker = f"Ilse {words[int(SPEAKERS * random.random() ** 2)].title()}"
        carriers = _carriers(random)
        edited = [
            _printed(random, said, words) for _ in range(round(carriers**0.5))
        ]  # several carriers print the same cut
        for _ in range(carriers):
            printed = random.choice(edited) if carriers > 1 and random.random() < EDITED else " ".join(said)
            waiting.append((day + random.expovariate(1.5), len(waiting), printed, speaker))
        if event % UTTERANCES_A_DAY == UTTERANCES_A_DAY - 1:
            waiting.sort()
            cut = next((i for i, (printed_on, *_) in enumerate(waiting) if printed_on > day), len(waiting))
            for printed_on, _, printed, name in waiting[:cut]:
                number += 1
                outlet = f"outlet{random.randrange(OUTLETS)}"
                published = FIRST_DAY + timedelta(int(printed_on))
                yield Sighting(
                    number,
                    printed.capitalize() + random.choice(",."),
                    _named(random, name),
                    outlet,
                    published_at=published,
                )
            del waiting[:cut]


def fill(session: Session, synthetic: Iterator[Sighting], number: int) -> None:
    """Store `number` sightings as extraction would, one an article, ready to be linked.

    The rows are inserted directly, since the store's own functions would take most of the time.
    """
    if session.get(RunRow, 1) is None:
        session.add(RunRow(id=1, command="bench", code_version="0", started_at=NOW))
        session.add_all(OutletRow(id=n + 1, slug=f"outlet{n}") for n in range(OUTLETS))
        session.flush()
    while number > 0:
        batch = list(islice(synthetic, min(number, ROWS_AT_ONCE)))
        number -= len(batch)
        for name, row_of in (("articles", _article), ("article_versions", _version), ("quotations", _quotation)):
            session.connection().execute(insert(Base.metadata.tables[name]), [row_of(sighting) for sighting in batch])
    session.expire_all()


def _article(sighting: Sighting) -> dict[str, object]:
    outlet = int((sighting.outlet or "outlet0").removeprefix("outlet")) + 1
    return {"id": sighting.id, "outlet_id": outlet, "url": f"https://{sighting.outlet}.example/{sighting.id}"}


def _version(sighting: Sighting) -> dict[str, object]:
    return {
        "id": sighting.id,
        "article_id": sighting.id,
        "run_id": 1,
        "content_sha256": str(sighting.id).zfill(64),
        "is_current": True,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "published_at": sighting.published_on,
        "extracted_by": "bench",
        "text": sighting.words,
    }


def _quotation(sighting: Sighting) -> dict[str, object]:
    key = sha256(sighting.words)
    return {
        "id": sighting.id,
        "version_id": sighting.id,
        "run_id": 1,
        "start": 0,
        "end": len(sighting.words),
        "parts": [[0, len(sighting.words)]],
        "words": sighting.words,
        "kind": "full",
        "wording_key": wording_key(sighting.words),
        "words_sha256": key,
        "context_sha256": key,
        "context_start": 0,
        "context_end": len(sighting.words),
        "speaker_name": sighting.speaker,
        "said_basis": "unknown",
    }


def _word(number: int) -> str:
    """Return a different word for each number; frequent words, which have low numbers, are short."""
    syllables = []
    number += 1
    while number:
        number, place = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[place])
    return "".join(syllables)


def _said(random: Random, words: list[str], weights: list[float]) -> list[str]:
    length = min(LONGEST, max(SHORTEST, round(random.lognormvariate(2.8, 0.6))))
    return random.choices(words, cum_weights=weights, k=length)


def _carriers(random: Random) -> int:
    """Return one carrier for two utterances in three, else a number by Zipf's law: now and then a wire report."""
    return 1 if random.random() < 0.66 else min(LONGEST_BURST, int(1 / (1 - random.random()) ** 0.9) + 1)


def _printed(random: Random, said: list[str], words: list[str]) -> str:
    """Return the words with an end cut, a word dropped or changed, or the middle left out."""
    way, length = random.random(), len(said)
    if length < 8:
        printed = said
    elif way < 0.4:
        printed = said[: random.randrange(5, length)]
    elif way < 0.7:
        printed = said[random.randrange(1, length - 5) :]
    elif way < 0.9:
        place = random.randrange(length)
        printed = [*said[:place], *random.choices(words, k=random.randrange(2)), *said[place + 1 :]]
    else:
        printed = [*said[: length // 3], "[…]", *said[length // 2 :]]
    return " ".join(printed)


def _named(random: Random, name: str) -> str | None:
    """Return the name, now and then only the surname or None."""
    way = random.random()
    return None if way < 0.1 else name.split()[-1] if way < 0.4 else name
