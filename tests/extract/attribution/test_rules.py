"""Every rule finds the mentions of its table of sentences, and no others.

A row is a text, the mention that the rule must find for its last pair of marks (None: it must find nothing), and the
cue.
"""

from __future__ import annotations

import pytest

from quotetrack.extract.attribution.ranker import attribute_by_rules
from quotetrack.extract.attribution.rules import FRAGMENT_RULES, FULL_RULES, tag
from quotetrack.extract.attribution.syntax import find_cues, mention_of
from quotetrack.extract.extractor import parse_text

RULES = {name: rule for name, rule, _ in FULL_RULES + FRAGMENT_RULES} | {"tag": tag}

Row = tuple[str, str | None, str | None]

TABLES: dict[str, list[Row]] = {
    "embedded": [
        ("The Post quoted Ingrid Vale as saying: “The mill will open in May.”", "Ingrid Vale", "saying"),
        ("“The mill will open in May,” the Post quoted Ingrid Vale as saying.", "Ingrid Vale", "saying"),
        ("Berg accused Ingrid Vale of calling the mill “a ruin with a roof”.", "Ingrid Vale", "calling"),
        ("Berg criticised Ingrid Vale for saying that the mill was “a ruin with a roof”.", "Ingrid Vale", "saying"),
        ("Peter Berg dismissed Ingrid Vale’s remark that the mill was “a ruin with a roof”.", "Ingrid Vale", "remark"),
        ("Peter Berg rejected the claim by Ingrid Vale that the mill was “a ruin”.", "Ingrid Vale", "claim"),
        ("Peter Berg told the court that Ingrid Vale had said to him: “The mill will burn.”", "Ingrid Vale", "said"),
        ("Peter Berg apologised for what Ingrid Vale called “a ruin with a roof”.", "Ingrid Vale", "called"),
        ("The mill was called “a ruin with a roof” by Ingrid Vale, who runs the bakery.", "Ingrid Vale", "called"),
        ("Peter Berg was described as “a thief” by the judge on Monday.", "the judge", "described"),
        (
            "Peter Berg met Ingrid Vale, who had told him that the mill was “a ruin with a roof”.",
            "Ingrid Vale, who",
            "told",
        ),
        ("Peter Berg quotes the baker Ingrid Vale: “The mill will burn.”", "the baker Ingrid Vale", "quotes"),
        ("Peter Berg also quoted Ingrid Vale’s “first rule of milling”.", "Ingrid Vale", "quoted"),
        ("Peter Berg gave an account of Ingrid Vale telling a boy to “burn the mill”.", "Ingrid Vale", "telling"),
        ("“The mill will burn,” Peter Berg recalled Ingrid Vale telling him.", "Ingrid Vale", "telling"),
        (
            "The Mill Board said that the boat was back and reminded its crew to “lock it each and every time”.",
            None,
            None,
        ),
        ("Peter Berg reads from Ingrid Vale’s statement: “The mill will burn.”", "Ingrid Vale", "statement"),
        ("Ingrid Vale reads from his statement: “The mill will burn.”", "his", "statement"),
        ("Ingrid Vale reads from her diary: “The mill will burn.”", None, None),
        ("He read from his notes: “The mill will burn.”", None, None),
        ("Ingrid Vale put a message to him: “The mill will burn.”", "a message", "put"),
        ("Ingrid Vale read a statement: “The mill will burn.”", None, None),
        ("The baker read out a message from Ingrid Vale: “The mill will burn.”", "Ingrid Vale", "message"),
        ("Peter Berg recalled how Ingrid Vale used to warn boys that it was “a ruin”.", "Ingrid Vale", "warn"),
        ("Peter Berg recalled her shouting “the mill will burn” from the yard.", "her", "shouting"),
        ("Peter Berg recalled Ms Vale replying “the mill will burn” before she left.", "Ms Vale", "replying"),
        ("Peter Berg was accused by Ingrid Vale of “burning the mill of the town”.", "Ingrid Vale", "accused"),
        ("Peter Berg was nicknamed “the miller” by Ingrid Vale.", "Ingrid Vale", "nicknamed"),
        (
            "Peter Berg said that his boss, Ingrid Vale, had opened the door and shouted “the mill will burn” at him.",
            "his boss, Ingrid Vale",
            "shouted",
        ),
        ("Peter Berg knocked a statement by Ingrid Vale that the mill was “a ruin”.", "Ingrid Vale", "statement"),
        ("Peter Berg shared Ingrid Vale’s criticism that the miller “lied”.", "Ingrid Vale", "criticism"),
        ("Peter Berg said he was told by Ingrid Vale that the mill was “a ruin”.", "Ingrid Vale", "told"),
        (
            "Peter Berg also read out the words of a baker from the north shore, taken down by his lawyers and sent to "
            "the court that afternoon: “The mill will burn.”",
            "a baker from the north shore",
            "words",
        ),
        ("Described by Ingrid Vale as “a ruin with a roof”, the mill was sold.", "Ingrid Vale", "Described"),
        (
            "Peter Berg said the owner, Ingrid Vale, had told him: “The mill will burn.”",
            "the owner, Ingrid Vale",
            "told",
        ),
        ("Peter Berg said Ingrid Vale had texted a friend: “The mill will burn.”", "Ingrid Vale", "texted"),
        (
            "Peter Berg told the court that Ingrid Vale had told a crowd of farmers in 2018: “The mill will burn.”",
            "Ingrid Vale",
            "told",
        ),
        (
            "Peter Berg had told the hearing that Ingrid Vale once wrote to a colleague: “The mill will burn.”",
            "Ingrid Vale",
            "wrote",
        ),
        ("Peter Berg played a call in which Ingrid Vale is heard to say: “The mill will burn.”", "Ingrid Vale", "say"),
        (
            "According to Peter Berg, Ingrid Vale ended the report with the words “the mill will burn before May”.",
            "Ingrid Vale",
            "ended",
        ),
        (
            "Peter Berg said that Ingrid Vale ended the report with the words “the mill will burn before May”.",
            "Ingrid Vale",
            "ended",
        ),
        ("Peter Berg spoke of the day when Ingrid Vale said: “The mill will burn.”", "Ingrid Vale", "said"),
        (
            "According to Peter Berg, the miller looked at the door and asked, “Will you open it?”",
            "the miller",
            "asked",
        ),
        (
            "Peter Berg read out a letter which Ingrid Vale sent to her son: “The mill will burn.”",
            "Ingrid Vale",
            "sent",
        ),
        (
            "Peter Berg read the court a message sent by Ingrid Vale to her son: “The mill will burn.”",
            "Ingrid Vale",
            "message",
        ),
        (
            "Peter Berg was sent a text by his mother, Ingrid Vale, which said: “The mill will burn.”",
            "his mother, Ingrid Vale",
            "text",
        ),
        ("Peter Berg left because of a notice that said “the mill will burn”.", "a notice", "said"),
        ("Peter Berg left because of a notice on the door that said “the mill will burn”.", "a notice", "said"),
        ("Peter Berg recalled that he had signed a paper which called it “a ruin with a roof”.", "a paper", "called"),
        ("Peter Berg read out an email that he said a clerk sent him: “The mill will burn.”", "a clerk", "sent"),
        ("Peter Berg said in a letter that called the mill “a ruin with a roof”: it is over.", None, None),
        ("Peter Berg shared a message by Ingrid Vale that said: “The mill will burn.”", "Ingrid Vale", "message"),
        ("Peter Berg issued a statement that called the mill “a ruin with a roof”.", None, None),
        ("Peter Berg signed a paper which said that he agreed it was “a ruin with a roof”.", None, None),
        ("The board said that a letter to him had gone to the old address, “for which we apologise”.", None, None),
        ("Ingrid Vale said on Tuesday that most papers had been delivered and there was “no crisis”.", None, None),
        ("Peter Berg wrote in a letter from Paris: “The mill will burn.”", None, None),
        ("Peter Berg praised the mill, which Ingrid Vale called “a ruin with a roof”.", "Ingrid Vale", "called"),
        ("Peter Berg said it was open; Ingrid Vale, that it was “a ruin with a roof”.", "Ingrid Vale", "said"),
        ("Asked by Ingrid Vale, “Will the mill open?”, Peter Berg shook his head.", "Ingrid Vale", "Asked"),
        ("Asked by Ingrid Vale whether it would open, Peter Berg said: “In May.”", None, None),
        ("Asked by Ingrid Vale whether it would open, Peter Berg said: “Why not?”", None, None),
        ("Peter Berg praised the mill, which was “a ruin with a roof”.", None, None),
        ("Peter Berg sold the mill that Ingrid Vale had built and called it “a ruin with a roof”.", None, None),
        ("Peter Berg said that the letter which Ingrid Vale sent was “a ruin of a text”.", None, None),
        ("Peter Berg said it was open; Ingrid Vale, the owner, wept. It was “a ruin”.", None, None),
        ("Peter Berg said he believed “the mill will open in May”.", None, None),
        ("Peter Berg called it “a ruin” and criticised Ingrid Vale for saying so.", None, None),
        ("Peter Berg said that Ingrid Vale’s remarks were “a shame”.", None, None),
        ("Peter Berg said that Ingrid Vale had sent him a message reading: “It will burn.”", "Ingrid Vale", "sent"),
        ("Peter Berg agreed that Ingrid Vale had once described him as “a ruin”.", "Ingrid Vale", "described"),
        ("Peter Berg said that critics call the mill “a ruin”.", None, None),
        ("Asked about Ingrid Vale’s remark that it was late, Peter Berg said: “It was early.”", None, None),
        ("The owner said that the council was told that “the mill will open in May”.", None, None),
        ("Peter Berg hopes for Ingrid Vale to say “yes” in May.", None, None),
        ("Peter Berg asked if Ingrid Vale had ever told the truth “to anybody at the mill”.", None, None),
    ],
    "tag": [
        (
            "“Stop there,” Peter Berg told them. “Who are you?” the younger miller replied.",
            "the younger miller",
            "replied",
        ),
        ("“The mill will open in May,” said Ingrid Vale.", "Ingrid Vale", "said"),
        ("“Will the mill open?” she asked Peter Berg.", "she", "asked"),
        ("“Will the mill open?” Ingrid Vale said she did not know.", None, None),
        ("“Will the mill open in May?” The owner of the old mill, who left in March, said so.", None, None),
        ("“The mill will open.” Ingrid Vale said so.", None, None),
        ("A reply from the miller began “The mill will open,” Ingrid Vale said.", None, None),
        ("Amid cries of “Who will pay?” the miller replied that nobody would.", None, None),
        ("Peter Berg recalled that she said, “The mill will open,” the office wrote.", None, None),
    ],
    "introduced": [
        ("Ingrid Vale said: “The mill will open in May.”", "Ingrid Vale", "said"),
        ("Ingrid Vale replied, “The mill will open in May.”", "Ingrid Vale", "replied"),
        ("The miller told a crowd of farmers in Tarn that “the mill will open in May”.", "The miller", "told"),
        ("She added: “The mill will open in May.”", "She", "added"),
        ("Vale, asked about the mill on Tuesday, said: “It will open in May.”", "Vale", "said"),
        ("The mill will open in May. “We are ready.”", None, None),
        ("Vale said the mill had been “a ruin”.", None, None),
    ],
    "after_cue": [
        ("“The mill will open in May,” said Ingrid Vale.", "Ingrid Vale", "said"),
        ("“The mill will open in May,” Ingrid Vale said.", "Ingrid Vale", "said"),
        ("“The mill will open in May,” Ingrid Vale, the owner of the mill, told reporters.", "Ingrid Vale", "told"),
        ("“The mill will open in May,” she added.", "she", "added"),
        ("“Will the mill ever open?” asked the farmer.", "the farmer", "asked"),
        ("“The mill will open in May,” the Grain Board announced.", "the Grain Board", "announced"),
        ("“The mill will open in May,” chuckled Ingrid Vale.", "Ingrid Vale", "chuckled"),
        ("“The mill will open in May.” Vale said.", "Vale", "said"),
        ("“The mill will open in May,” Ingrid Vale laughed.", "Ingrid Vale", "laughed"),
        ("“The mill will open in May.” Ingrid Vale laughed.", None, None),
        ("“The mill will open in May.” She smiled.", None, None),
        ("“The mill will open in May.” The farmers of the valley went home to their barns in the rain.", None, None),
        ("Ingrid Vale said: “The mill will open in May.”", None, None),
    ],
    "before_cue": [
        ("Ingrid Vale said: “The mill will open in May.”", "Ingrid Vale", "said"),
        ("Vale said that the mill had been “a ruin”.", "Vale", "said"),
        ("Vale, who described the mill as “a ruin”, has bought it.", "Vale, who", "described"),
        ("The farmers called the price “a joke”.", "The farmers", "called"),
        (
            "The owner of the mill, Ingrid Vale, dismissed the plan as “a joke”.",
            "The owner of the mill, Ingrid Vale",
            "dismissed",
        ),
        ("The mill will open in May. “We are ready.”", None, None),
        ("Vale said it was late. The mill was “a ruin”.", None, None),
    ],
    "according_to": [
        ("According to Ingrid Vale, “the mill will open in May”.", "Ingrid Vale", "According to"),
        ("“The mill will open in May,” according to the Grain Board.", "the Grain Board", "according to"),
        ("The mill is “a ruin”, according to a report.", "a report", "according to"),
        ("“The mill will open in May,” said Ingrid Vale.", None, None),
        ("According to Vale, the mill is late. “We are ready.”", None, None),
    ],
    "colon_name": [
        ("Ingrid Vale: “The mill will open in May.”", "Ingrid Vale", ":"),
        ("Vale: “The mill will open in May.”", "Vale", ":"),
        ("The vote was close. Ingrid Vale: “The mill will open in May.”", "Ingrid Vale", ":"),
        ("“The mill will open in May,” said Ingrid Vale.", None, None),
        ("then came the answer: “The mill will open in May.”", None, None),
        ("Ingrid Vale’s verdict was short: “The mill will open in May.”", "Ingrid Vale", ":"),
        ("Her verdict was short: “The mill will open in May.”", "Her", ":"),
        ("It was simple: “The mill will open in May.”", None, None),
        ("There was a note: “The mill will open in May.”", None, None),
        ("May added: “The mill will open in June.”", "May", "added"),
    ],
    "dash_signature": [
        ("“The mill will open in May.” - Ingrid Vale", "Ingrid Vale", None),
        ("“The mill will open in May.” — Ingrid Vale, miller", "Ingrid Vale", None),
        ("“The mill will open in May.” ― Ingrid Vale", "Ingrid Vale", None),
        ("“The mill will open in May.”\nIngrid Vale, Tarn Mill", "Ingrid Vale", None),
        ("“The mill will open in May.”\nIngrid Vale, the miller, had no doubt of it.", None, None),
        ("“The mill will open in May” — and it did.", None, None),
        ("“The mill will open in May,” said Ingrid Vale.", None, None),
    ],
    "trailing_cue": [
        ("The “ruin” would open in May, Vale said.", "Vale", "said"),
        ("Calling the mill “a ruin” was unfair to its owner, Ingrid Vale told reporters.", "Ingrid Vale", "told"),
        ("The mill was “a ruin”. Vale said no more.", None, None),
        ("A letter promised “every help in the months ahead.” Ingrid Vale said prices had fallen.", None, None),
        ("The “ruin” would open in May.", None, None),
    ],
    "later_part": [
        ("“The mill will open in May,” Vale said. “We are ready.”", "Vale", None),
        ("“The mill,” said Ingrid Vale, “will open in May.”", "Ingrid Vale", None),
        ("“The mill will open in May.”", None, None),
        ("“The mill will open in May,” Vale said.\n\n“We are ready.”", None, None),
    ],
    "preceding_sentence": [
        ("Vale shook her head. “The mill will never open.”", "Vale", None),
        ("Ingrid Vale looked at the rain. “The mill will never open.”", "Ingrid Vale", None),
        ("“The mill will never open.” Vale shook her head.", None, None),
    ],
    "preceding_colon": [
        ("Ingrid Vale had this to say:\n\n“The mill will open in May.”", "Ingrid Vale", None),
        ("Ingrid Vale walked away.\n\n“The mill will open in May.”", None, None),
        ("Ingrid Vale had this to say:\n\n“It is late,” one man said. “It will open in May.”", None, None),
    ],
    "same_speaker": [
        ("“The mill will open in May,” Vale said.\n\n“We are ready and the corn is ripe.”", "Vale", None),
        (
            "“The mill will open in May,” Vale said. The crowd went home.\n\n“We are ready and the corn is ripe.”",
            None,
            None,
        ),
        ("“The mill will open in May.”", None, None),
    ],
    "preceding_paragraph": [
        ("Ingrid Vale bought the mill in March.\n\n“We are ready and the corn is ripe.”", "Ingrid Vale", None),
        ("It rained. The farmers were waiting.\n\n“We are ready and the corn is ripe.”", "The farmers", None),
        ("“We are ready and the corn is ripe.”", None, None),
    ],
    "last_speaker": [
        (
            "“The mill will open in May,” Vale said.\n\nThe rain fell on the square.\n\nIt fell.\n\n“We are ready.”",
            "Vale",
            None,
        ),
        ("“The mill will open in May.”", None, None),
    ],
    "own_subject": [
        ("Vale went to see the “ruin”.", "Vale", None),
        ("The farmers have had “enough of rain and of promises”.", "The farmers", None),
        ("“Ruin”.", None, None),
    ],
}


def test_every_rule_has_rows_to_match_and_rows_to_refuse():
    assert TABLES.keys() == RULES.keys()
    for name, rows in TABLES.items():
        assert any(mention for _, mention, _ in rows), name
        assert not all(mention for _, mention, _ in rows), name


@pytest.mark.parametrize(
    ("name", "text", "mention", "cue"), [(name, *row) for name, rows in TABLES.items() for row in rows]
)
def test_a_rule_finds_the_mention_and_its_cue(last_part, name, text, mention, cue):
    scene, part = last_part(text)
    hit = RULES[name](scene, part)
    assert (hit.mention.of(text) if hit else None) == mention
    if hit and name != "colon_name":
        assert (hit.cue.of(text) if hit.cue else None) == cue


def test_the_cue_of_a_name_with_a_colon_is_the_colon(last_part):
    text = "Ingrid Vale: “The mill will open in May.”"
    hit = RULES["colon_name"](*last_part(text))
    assert hit.cue.of(text) == ":"


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("“The mill will open in May,” Vale said.", "after_cue"),
        ("Vale said: “The mill will open in May.”", "introduced"),
        ("Vale said the mill had been “a ruin”.", "before_cue"),
        ("According to Vale, “the mill will open in May, whatever the weather”.", "according_to"),
        ("“The mill will open in May,” Vale said. “We are ready for it.”", "later_part"),
        ("“The mill will open in May,” Vale said.\n\n“We are ready for it and the corn is ripe.”", "same_speaker"),
        ("Ingrid Vale bought the mill in March.\n\n“We are ready and the corn is ripe.”", "preceding_paragraph"),
    ],
)
def test_the_first_rule_that_finds_a_mention_gives_the_method(nlp, text, method):
    assert attributed_by_rules(nlp, text)[-1].method == method


def test_a_part_that_opens_its_paragraph_takes_the_speaker_of_the_next(nlp):
    text = "“The mill will open in May.” It was raining. “We are ready,” said Ingrid Vale."
    first, second = attributed_by_rules(nlp, text)
    assert first.method == "earlier_part" and not first.is_cued
    assert first.mention == second.mention and second.is_cued


def attributed_by_rules(nlp, text):
    """Return what the rules find for each part of a text, before any fitted choice."""
    parsed = parse_text(text, nlp)
    read = {index: (reading, find_cues(reading)) for index, reading in sorted(parsed.readings.items())}
    _, chosen = attribute_by_rules(parsed.quotations, read)
    return [chosen[span] for span in sorted(chosen)]


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("“It is late,” said Vale.", [("said", "Vale")]),
        ("Vale smiled and said: “It is late.”", [("said", "Vale")]),
        ("Vale, speaking in Tarn, warned that it was “late”.", [("speaking", "Vale"), ("warned", "Vale")]),
        ("It was said to be “late”.", []),
        ("“He said it was late and I believed him,” the note read.", [("read", "note")]),
        ("Vale went home “early”.", [("went", "Vale")]),
        ("Her lawyer, Ann Lee, said she “has been late”.", [("said", "lawyer")]),
        ("Vale came back at him a day later with “it is late”.", [("came", "Vale")]),
        ("Vale came back to Tarn “late”.", []),
        ("Vale came back. She sat with “the late one”.", []),
        ("Vale sailed home “early”.", []),
        ("“It is late,” Or said.", [("said", "Or")]),
        ("“It is late,” Scully had written to her.", [("written", "Scully")]),
        ("“It is late,” or so said.", []),
    ],
)
def test_cues_are_reporting_words_outside_the_marks_with_their_subject(last_part, text, cues):
    scene, _ = last_part(text)
    doc = scene.reading.doc
    assert [(doc[cue.verb].text, doc[cue.subject].text) for cue in find_cues(scene.reading)] == cues


@pytest.mark.parametrize(
    ("text", "noun", "mention", "head"),
    [
        ("“It is late,” said the mayor of Tarn.", "mayor", "the mayor of Tarn", "mayor"),
        ("The old miller, Ingrid Vale, said it was “late”.", "miller", "The old miller, Ingrid Vale", "Vale"),
        ("Ingrid Vale, who called it “late”, went home.", "who", "Ingrid Vale, who", "Vale"),
        ("“It is late,” said one of the farmers.", "one", "one of the farmers", "one"),
        ("“It is late,” said Ingrid Vale, who owns the mill.", "Vale", "Ingrid Vale", "Vale"),
    ],
)
def test_a_mention_is_the_noun_phrase_without_asides(last_part, text, noun, mention, head):
    scene, _ = last_part(text)
    index = next(token.i for token in scene.reading.doc if token.text == noun)
    hit = mention_of(scene.reading, index)
    assert (hit.mention.of(text), hit.head.of(text)) == (mention, head)
