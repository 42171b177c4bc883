"""Words of offices, jobs and groups of people, as questions ask for them and articles print them. Lower case."""

import re

from quotetrack.lang import lines, sections

# Offices of more than one word, the longest first.
LONG_HEADS = (
    "chief executive officer",
    "chief operating officer",
    "chief financial officer",
    "secretary of state",
    "chief of staff",
    "member of parliament",
    "prime minister",
    "secretary general",
    "director general",
    "attorney general",
    "governor general",
    "solicitor general",
    "surgeon general",
    "vice president",
    "chief executive",
    "chief whip",
    "head teacher",
    "head coach",
    "chief justice",
    "harbour master",
    "harbor master",
    "town clerk",
    "press secretary",
)
# Offices that a question may name without a noun for a person in it.
SHORT_HEADS = frozenset(
    "ceo cfo coo pm mp mep msp vp fm chief boss head chair premier pope king queen nominee frontrunner".split()
)
# Words that mean one office.
ALIKE = (
    frozenset({"prime minister", "pm", "premier"}),
    frozenset({"chief executive", "chief executive officer", "ceo", "chief exec"}),
    frozenset({"chair", "chairman", "chairwoman", "chairperson"}),
    frozenset({"spokesman", "spokeswoman", "spokesperson"}),
    frozenset({"headteacher", "head teacher", "headmaster", "headmistress", "principal"}),
    frozenset({"member of parliament", "mp"}),
    frozenset({"vice president", "vp"}),
    frozenset({"congressman", "congresswoman", "representative", "rep"}),
    frozenset({"senator", "sen"}),
    frozenset({"governor", "gov"}),
    frozenset({"secretary general", "secretary-general"}),
    frozenset({"lawyer", "attorney", "solicitor", "barrister"}),
    frozenset({"coach", "manager", "head coach"}),
    frozenset({"harbour master", "harbourmaster", "harbor master"}),
)
# "The NATO chief" leads NATO, whatever the office is called.
CHIEFS = frozenset({"chief", "head", "boss", "leader"})
LEADERS = frozenset(
    """
    chief head boss leader governor director president chair chairman chairwoman chairperson commissioner
    superintendent commander principal ceo
    """.split()
) | {"secretary general", "secretary-general", "director general", "chief executive", "chief executive officer"}
# Offices that a state has one of: alone, they mean its holder, and not the president of a club.
OF_STATE = frozenset({"president", "prime minister", "pm", "premier", "chancellor", "pope", "king", "queen"})
SUPPOSED = re.compile(r"\ban? $", re.IGNORECASE)  # before a title: "a President Venn would"
# Words that make another office of it: the deputy governor is not the governor.
LIMITING = frozenset(
    "deputy vice former ex assistant acting shadow junior interim associate incoming outgoing late would-be onetime "
    "one-time then-".split()
)
# What is said of an office and is no part of it.
NOT_QUALIFYING = frozenset(
    "the a an our this that new current its his her their town's city's country's state's province's government's "
    "of for at in to and leading then now long-time longtime veteran senior top local own".split()
)
# Owners that mean what was named before: "the town's mayor", "its chief executive".
OWNER_NOUNS = frozenset(
    """
    town city country state province bank company party group club school board union agency firm county region
    village island ministry council team university hospital
    """.split()
)
OWNERS_BEFORE = re.compile(
    rf"\b(?:the|its|his|her|their) (?:(?:{'|'.join(sorted(OWNER_NOUNS))})[’']s? )?$|\bits $", re.IGNORECASE
)
# Endings of a place and of what is of it: Ukraine, Ukrainian; Germany, German; Kurin, Kuriners.
PLACE_ENDINGS = frozenset(
    {"", "e", "a", "ia", "n", "an", "ian", "ean", "nian", "y", "ish", "ese", "i", "ers", "er", "ic"}
)
FORM_OF_ADDRESS = {"mr": "m", "sir": "m", "lord": "m", "mrs": "f", "ms": "f", "miss": "f", "dame": "f", "lady": "f"}
OF_WHOM = re.compile(r"\s+(?:of|for|at|in|from)\s+(?:the\s+)?", re.IGNORECASE)

# The words of a role in print. Behind the head: "of the Bank of Varland", "at the Kelmouth infirmary".
_ENDS_BEHIND = (
    r"(?:who|which|that|whose|and|but|as|when|where|while|has|had|have|is|was|are|were|will|would|can|could|may|said|says|"
    r"told|tells|warned|warns|added|for|with|to|on|by|from|after|before|since|in|at|[a-z]+ed)\b"
)
ROLE_BEHIND = re.compile(
    r" (?:of|for|at|in|from|on) (?:(?:the|a|an|her|his|its|their) )?[\w’'.&-]*[\w’']"
    rf"(?: (?!{_ENDS_BEHIND})[\w’'.&-]*[\w’']){{0,5}}"
)
# Before an office that somebody does not hold, or before whom somebody speaks for: "running for governor".
NOT_HELD = re.compile(
    r"\b(?:for|as|become|becoming|than|like|without|against|elect|next|another|any|every|no|be|between|or)"
    r"(?: (?:the|a|an|next))? $",
    re.IGNORECASE,
)
WORD_BEFORE = re.compile(r"(?:^|[\s(“\"‘])([\w’'.&-]*[\w’'])[ \u00a0]$")
LONGEST_BEFORE = 6  # words of a role before its head
ENDS_BEFORE = frozenset(
    "the a an and or but when as by with from to in on at of for who that said says told is was has had his her its "
    "their our my former".split()
)
_NAME_WORD = r"(?:[A-Z][\w’'-]*\.?(?:[A-Z]\.)*)"
_PARTICLE = r"(?:(?:van|von|de|der|den|al|el|bin|ibn|da|di|du|la|le)[ -])*"
NAME = rf"{_PARTICLE}{_NAME_WORD}(?: {_PARTICLE}{_NAME_WORD}){{0,4}}"
NAME_BEHIND = re.compile(rf"(?:,? |: |, (?:who is )?|[’']s,? )(?:(?:[a-z]+ )?(?:called|named) )?({NAME})")
NAME_BEHIND_PHRASE = re.compile(rf",? ({NAME})(?=,| said| says| told| has| had| was| is|\b)")
# Before the words of a role: "Ragna Telle, the", "Ragna Telle, 61, Varland's", "Telle is the", "Telle, who is".
NAME_BEFORE = re.compile(
    rf"({NAME})(?:[’']s)?(?:, \d{{1,3}})?(?:,| is| was| became| remains|, who is| \(|, who was| –| —| -)"
    r" (?:(?:the|a|an|its|his|her|their|now|also|currently) )*$"
)
# A role of somebody: ", director of", ", the mayor", which shows that a speaker holds another one.
APPOSITION = re.compile(
    r",(?: \d{1,3},)? (?:(?:the|a|an|its|his|her|their) )?(?P<role>[^,.;:“”\"\n]{3,80})(?=[,.;:“\"]| said| told)"
)
# Behind an office in a headline or a first sentence: its holder is the one who speaks.
SPEAKS = re.compile(
    r"\s{1,3}(?:has\s{1,3}|had\s{1,3}|\w{1,20}ly\s{1,3}){0,3}(?:says?|said|warns?|warned|tells?|told|sees?|admits?|admitted|blames?|blamed|accuse[sd]?|"
    r"announce[sd]?|urge[sd]?|call(?:s|ed)\s{1,3}for|denie[sd]|promise[sd]|defend(?:s|ed)|insist(?:s|ed)|claim(?:s|ed)|"
    r"reject(?:s|ed)|vow(?:s|ed)|condemn(?:s|ed)|criticise[sd]|hints?|hinted|predict(?:s|ed)|expect(?:s|ed)|believe[sd]?)\b"
)

# Groups

BODIES = frozenset(
    """
    police army military navy coastguard government opposition press media public authorities ministry army's troops
    rebels union unions clergy electorate crowd crew jury cabinet coalition administration church community
    parliament congress senate house
    """.split()
)
BODY_WORDS = frozenset(
    word for section in ("body", "group") for line in sections("names.txt")[section] for word in line.split()
)
SPOKESPERSON = "spokesperson"
# Members of parties and nations, whose plural names a group.
AFFILIATED = re.compile(
    r"(?:republican|democrat|conservative|liberal|labourite|green|socialist|communist|nationalist|unionist|separatist|"
    r"catholic|protestant|muslim|jew|hindu|buddhist|sikh|evangelical|loyalist|islamist|independent|libertarian|populist|centrist|leftist|tory|tories|whig|moderate|progressive|"
    r"\w+(?:ian|ean|can|ish|ese))s?$"
)
IRREGULAR = {"people": "person", "children": "child", "wives": "wife", "clergy": "priest", "tories": "tory"}
# Kinds of people, by the nouns that the kind contains.
KINDS = {
    "scientist": re.compile(r"(?:\w+ologist|\w+icist|scientist|researcher|chemist|\w+onomer|\w+ographer)$"),
    "doctor": re.compile(
        r"(?:doctor|physician|surgeon|paediatrician|pediatrician|psychiatrist|oncologist|consultant)$"
    ),
    "politician": re.compile(
        r"(?:politician|senator|minister|mp|mep|congress(?:man|woman)|lawmaker|mayor|governor|president|councillor|"
        r"representative|premier|chancellor)$"
    ),
    "teacher": re.compile(r"(?:teacher|headteacher|headmaster|headmistress|lecturer|tutor)$"),
    "resident": re.compile(r"(?:resident|villager|local|neighbou?r|homeowner|tenant)$"),
    "lawyer": re.compile(r"(?:lawyer|attorney|solicitor|barrister|advocate)$"),
    "expert": re.compile(r"(?:expert|specialist|analyst|professor|academic|\w+ologist)$"),
    "lawmaker": re.compile(r"(?:lawmaker|senator|mp|mep|congress(?:man|woman)|representative|legislator)$"),
    "official": re.compile(r"(?:official|officer|spokes(?:man|woman|person)|commissioner|secretary)$"),
}


def gender_of_given_name(name: str) -> str | None:
    """Return "f" or "m" where a given name is nearly always a woman's or a man's, else None."""
    for file in ("given_names.txt", "genders.txt"):
        for line in lines(file):
            gender, *names = line.split()
            if name in names:
                return gender if gender in ("f", "m") else None
    return None


def nouns_for_people() -> frozenset[str]:
    """Return the nouns for one person."""
    lists = sections("people_nouns.txt")
    return frozenset(noun for name in ("person", "man", "woman") for line in lists[name] for noun in line.split())


def singular_of_people(word: str) -> str | None:
    """Return the noun for one person of a plural ("fishermen", "scientists"); None where it is no such plural."""
    nouns = nouns_for_people()
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, single in (("men", "man"), ("women", "woman"), ("ies", "y"), ("ves", "f"), ("s", ""), ("es", "")):
        if (
            word.endswith(ending)
            and (noun := word.removesuffix(ending) + single) in nouns | LEADERS | SHORT_HEADS | KINDS.keys()
        ):
            return noun
    if word.endswith("s") and AFFILIATED.fullmatch(word):
        return word.removesuffix("s")
    return None
