"""Patterns of the phrases that mean one person without a name: "a waiter", "her lawyer", "the boy’s mother"."""

import re

# What opens such a phrase, by what it says: a person not met before, one whom the reader knows, somebody's.
INDEFINITE = frozenset("a an one another".split())
DEFINITE = frozenset("the this that".split())
OWNERS = frozenset("his her their its whose".split())
# Somebody's whom only the writer can name: no candidate.
OWN = frozenset("my our your".split())
# Words that never stand between the opening word and the noun: they begin another phrase.
NOT_INSIDE = frozenset(
    """
    a after an and are as at because before but by did do does for from had has have he her him his i if in into is it
    its my of off on or our out over said says she so than that the their them then they this to told under up was we
    were what when where which while who whom whose will with without would you your not
    """.split()
)
# Behind an office with a capital that is no part of a name: a verb or a stop.
BEHIND_OFFICE = re.compile(r" (?!of\b|for\b|in\b|and\b|at\b|de\b)[a-z]|[,.;:”\"]")
LONGEST_INSIDE = 5  # words between the opening word and the noun
WORD = re.compile(r"[\w’'&.-]*[\w’']")
OWNER_NAME = re.compile(r"[’']s?$")  # at the end of a word: Lindt’s, the employers’
# Behind the noun and part of the phrase: "of Mill Lane", "at the bar opposite", "for the council", "in the gallery".
_DETERMINER = r"(?:the|a|an|his|her|their|its|one|this|that)"
_WORD_OF_IT = r"[^\s,.;:()“”\"—–]+"
_ENDS_IT = (
    r"(?:who|which|that|and|but|until|while|when|where|before|after|because|since|was|is|were|had|has|said|told|says|would|will|as"
    r"|\w+ed|wrote|went|came|saw|heard|put|spoke|left|took|got|gave|made|stood|sat|ran|met|held|led|lost|won|kept|knew"
    r"|thought|felt|began|fell|grew|drove|wept|sang|wore|bore|broke|brought|bought|built|caught|chose|dealt|did|drew|drank"
    r"|ate|fought|flew|forgot|hid|hung|meant|paid|rang|rode|rose|sent|shook|slept|spent|stole|struck|swore|taught|threw"
    r"|understood|woke|whom|whose|(?:at|by|for|from|in|of|on|to|with) wh(?:ich|om|ose))\b"
)
BELONGS = re.compile(
    rf" (?:at|of(?! (?:his|hers|theirs|mine|ours)\b)|from|for|with|on|in|to) (?!wh(?:ich|om|ose)\b)(?:{_DETERMINER} )?"
    rf"{_WORD_OF_IT}"
    rf"(?: (?!{_ENDS_IT}){_WORD_OF_IT}){{0,4}}"
)
# Behind a description that opens a sentence, and is the pronoun's: "A nurse in Orle, she has heard worse".
BEFORE_PRONOUN = re.compile(r", (?:he|she|they)\b")
# Behind an "of", "to" or "for" stands whose person it is: "the mother of Ann Lee", "an aide to the mayor".
OWNED_BY = re.compile(r" (?:of|to|for) (?!(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b)")
# Before a plural: one of several people.
ONE_OF = re.compile(r"\b(?:[Oo]ne|[Aa]nother) of (?:the |his |her |their |its |our |my )?(?:[\w’'-]+ ){0,3}$")
LONGEST_ONE_OF = 60  # characters
OPPOSITE_NUMBER = ("opposite", "number")  # a counterpart, in two words
# A noun that no list holds, by its end: "goatherd", "snail-catcher", "lichenologist".
PERSON_SUFFIX = re.compile(
    r"(?!pace|coffee|record|card|trouble|type|screw|best|dream|fly|ice|widow|hay)[a-zà-ÿ]{3,14}"
    r"(?:ologist|ographer|ometrist|herd|keeper|smith|wright|monger|catcher|worker|driver|seller|dealer|writer|maker|goer"
    r"|rider|fighter|hunter|grower|farmer|trainer|singer|minder)"
)
# A noun directly behind one for a person, so that the phrase means no person: "the student newspaper". None of them
# is a verb as well.
THINGS = frozenset(
    """
    academy accommodation agency alliance army association attendance attitudes authority awareness ballot bank
    bathroom behavior behaviour board body bureau burnout campus cards chamber charity church cinema class
    classes club coalition college commission committee community companies company compensation confidence
    congress convention cooperative cooperatives corporation corps council cult culture data database debt
    demographics department desk diversity economy education election elections engagement federation festival
    fraternity fund funding government group guild handbook health hostel household households housing income
    industry inquiry insurance journalism journals kitchen language law laws league loan lobby lounge magazine
    market meeting meetings memorial mentality ministry misconduct morale mortality movement movements museum
    negligence network networks newsletter newspaper newspapers office offices organisation organisations
    organization organizations panel panels paper parking party pension pensions petition police population
    portal prices privacy program programme programmes quarters questionnaire readership registration relations
    rights room safety salaries satisfaction scheme schemes school sentiment services settlement settlements
    shortage shortages society species spending station stations statistics studio team teams theater theatre
    training tribunal trust turnout union unions unit units university visa visas ward welfare wellbeing youth
    """.split()
)
# Behind "the Croatian", where it is somebody and no adjective.
BEHIND_NATIONAL = re.compile(r",? who(?:se)?\b|, (?:\d+|a|an|the|[a-z]+ed)\b|[.;:?!]")
HEAD = "head"  # as somebody's, a part of the body
# In the same sentence: the description means the person who is named.
NAMED_AS = re.compile(r"\b(?:named|identified|known|charged)\b[^.\n]{0,40}\bas ")
# Between a description and the one name that it gives: ", who gave her name only as Lejla", ", identified as Nadia".
CALLED = re.compile(
    r",? (?:who|whose|identified|known|named|called)\b[^.;:\n“”\"]*?\b(?:as|called)(?: only| just| simply)? "
    r"|,? (?:identified|known|named|called)(?: only| just| simply)?(?: as)? "
)
LONGEST_CALLED = 80  # characters
# Somebody who is yet to be found: "a new general secretary".
NOT_YET = re.compile(r"(?:an?|another) (?:future|new|next|permanent)\b", re.IGNORECASE)
