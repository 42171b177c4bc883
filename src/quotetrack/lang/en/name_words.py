"""Words and patterns of people's names, and of the words directly beside them. Longer lists are in `names.txt`."""

import re

from quotetrack.lang import sections
from quotetrack.lang.en.calendar import WEEKDAY_NAME

CAPITAL = "".join(letter for letter in map(chr, (*range(0x250), *range(0x1E00, 0x1F00))) if letter.isupper())


def _one_of(section: str) -> str:
    """Return a pattern for the words of one section of `names.txt`."""
    return "|".join(sorted((word for line in sections("names.txt")[section] for word in line.split()), reverse=True))


_PARTICLE = _one_of("particle")
# Particles that are joined to their word: al-Haddad, d’Arcy.
_PREFIX = r"d[’']|(?:a[dlrsz]|ash|bin|el|ul|ur)-"
# The letters of a word; an accent may be a character of its own.
_LETTERS = r"[\w’'\-\u0300-\u036f]"
_WORD = (
    rf"(?:[{CAPITAL}]{_LETTERS}*(?:\.[A-Z])*\.?"
    rf"|(?:{_PARTICLE})(?=[ \xa0](?:(?:{_PARTICLE})[ \xa0])?(?:{_PREFIX})?[{CAPITAL}])"
    rf"|(?:{_PREFIX})[{CAPITAL}]{_LETTERS}+)"
)
# In John “Jack” Lee, where one word stands behind it and no sentence ends before it.
_NICKNAME = (
    rf"(?<![a-z]\.[ \xa0])[\"“'‘](?:[Tt]he[ \xa0])?[{CAPITAL}][\w-]{{1,12}}(?:[ \xa0][{CAPITAL}][\w-]{{1,12}})?"
    rf"[\"”'’][ \xa0](?=(?!(?:{WEEKDAY_NAME})\b)[{CAPITAL}][\w’'-]*(?![\w’'-]|[ \xa0][{CAPITAL}]))"
)
NICKNAME = re.compile(_NICKNAME)
# What stands before it: a given name, an initial or a title.
BEFORE_NICKNAME = re.compile(rf"(?<![\w’'-])(?P<word>[{CAPITAL}][\w-]*)\.?[ \xa0]$")
LONGEST_BEFORE_NICKNAME = 30  # characters
# Ranks that are given names as well, behind another: "Det Con Ann Lee".
BEHIND_RANK = frozenset({"con", "cons"})
# Behind a rank: "Lt Gen (retd) Abdul Qadir".
RETIRED = r"\([Rr]et(?:d|ired)?\.?\)"
# A run of capitalised words with the small words of surnames between them.
RUN = re.compile(
    rf"(?<![\w@#/.])[{CAPITAL}]{_LETTERS}*\.?(?:\.?[A-Z]\.)*"
    rf"(?:[ \xa0](?:{RETIRED}[ \xa0])?(?:{_NICKNAME})?{_WORD})*(?:,[ \xa0][JS]r\b\.?)?"
)
# The particles with which a name begins whose given name is missing: "van der Velde said", "al-Haddad said".
_OPENING = _one_of("opening_particle")
OPENING_PARTICLES = re.compile(rf"(?<![\w@#/.’'-])(?:(?:(?:{_OPENING})[ \xa0]){{1,2}}(?:{_PREFIX})?|{_PREFIX})$")
LONGEST_OPENING = 12  # characters
PREFIX = re.compile(rf"(?:{_PREFIX})(?=\w{{3}})", re.IGNORECASE)
SUFFIX = re.compile(r",?[ \xa0](?:Jr|Sr|II|III|IV)\.?$")
SUFFIXES = frozenset("Jr Sr II III IV".split())
# Short words whose stop ends no sentence, in lower case, beside titles and suffixes: "St. Clair", "Wm. Lee".
SHORTENED = frozenset("st ste ft mt wm geo jas chas".split())
# Honours and degrees behind a name, which are no part of it.
HONOURS = frozenset(
    "MBE OBE CBE DBE KBE MP MSP MEP QC KC SC PhD MD Esq FRS DSO DSC AO AM QPM VC SJ DFC CB KCB GBE J CJ LJ".split()
)
MRS = re.compile(r"\b(?:Mrs|Madame?|Mdm|Smt)\.? $")
# Who has a given name alone, since the surname is that of the one before: "his wife Maeve", "her mother, Maeve".
WIFE = re.compile(
    rf"\b(?:(?:[Hh]is|[{CAPITAL}][\w-]+[’']s?) (?:late )?(?:wife|widow),? (?P<given>[{CAPITAL}][\w’-]+)(?=[,.]| [a-z])"
    rf"|[Hh](?:is|er) (?:late )?(?:mother|grandmother|mum|mom),? (?P<mother>[{CAPITAL}][\w’-]+)(?=,| [a-z])"
    rf"|married (?P<bride>[{CAPITAL}][\w’-]+) [{CAPITAL}][\w’-]+(?=,| (?!and\b)[a-z]))"
)
# Titles that are part of a name of one word: "Pope Anselm".
# Titles before a given name alone.
BEFORE_GIVEN = re.compile(r"\b(?:Sir|Dame|Lady|Sister|Brother|Aunt(?:ie|y)?|Uncle) $")
REGNAL = re.compile(
    r"\b(?:Pope|King|Queen|Prince|Princess|Lord|(?<!First )Lady|Baron|Baroness|Viscount|Viscountess)[ \xa0]$"
)
LONGEST_REGNAL = 18  # characters of such a title, and "First " before it
POSSESSIVE = re.compile(r"[’']s?$")
SENTENCE_BREAK = re.compile(r"[.?!;:][\"”’')]*\s|[\"”]\s|\n")
DOING = re.compile(r"[A-Z][a-z]{3,}ing")  # "Getting", but not "Ling" or "Sting"
INITIAL = re.compile(r"^(?:[A-Z]\.)+$")
TIME_OF_ENTRY = re.compile(r"(?:^|\n)\d{1,2}[.:]\d\d ?(?:[ap]\.?m\.?)?:?$", re.IGNORECASE)  # of a live blog
NO_INITIALS = frozenset("U.S. U.K. U.N. E.U.".split())
LETTER = re.compile(r"^[A-HJ-Z]$")  # an initial without its stop; "I" is a pronoun
CONTRACTION = re.compile(r"[’'](?:m|ll|re|ve|d)$")

# Forms of address, in lower case, with the gender of the person addressed.
ADDRESS = {
    "mr": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "madam": "f",
    "madame": "f",
    "mdm": "f",
    "shri": "m",
    "shrimati": "f",
    "smt": "f",
    "sir": "m",
    "lord": "m",
    "lady": "f",
    "dame": "f",
    "baroness": "f",
}
# "Mama Chinedu" is the mother of Chinedu, who is another.
TEKNONYMS = {"mama": "f", "iya": "f", "baba": "m"}
# Titles that say man or woman and name no office.
NO_OFFICES = ("", "man", "woman")
# Offices that are nobody's surname, but behind a given name: "the Trade Minister".
NO_SURNAMES = frozenset(
    "ambassador attorney-general chairman chairwoman commissioner congressman congresswoman councillor director "
    "governor minister premier president secretary senator spokesman spokesperson spokeswoman superintendent "
    "undersecretary".split()
)
# Small words and verbs that end the words of a role, as one reads away from the name: "a friend | of the mayor".
NOT_ROLES = frozenset(
    "of for from at in on to with by and or but as who whose which that was is were has had have said says told added "
    "would will could may not when where while after before".split()
)
PRONOUN = re.compile(r"\b(?:he|his|him|she|her)\b", re.IGNORECASE)

_SPEECH = (
    "said|says|told|tells|added|adds|wrote|writes|explained|continued|asked|argued|noted|tweeted|recalled|insisted"
    "|replied|warned|admitted|joked|conceded|responded|testified"
)
SPEECH_BEFORE = re.compile(rf"\b(?:{_SPEECH}|according to)\s(?:[A-Z][\w.]+\s)*$")
# Directly before a name: a verb of speech without anything between, or the end of the words.
SPEECH_AT_ONCE_BEFORE = re.compile(rf"\b(?:{_SPEECH}|according to)\s$")
BEHIND_WORDS = re.compile(r"[,?!.…—][”\"’'] $")
# Behind a name in a sentence that goes on and ends with a stop.
GOES_ON = re.compile(r"(?:[’']s)?(?:,| \(| [a-z])[^\n]{20,}[.?!”\"’')]\s*$")
SPEECH_BEHIND = re.compile(rf"\s(?:\w+\s)?(?:{_SPEECH})\b")
# Behind the name of a lawyer in court: "Piers Lee KC, prosecuting, told the jury".
IN_COURT = re.compile(
    r" [KQ]C\b|, (?:prosecuting|defending|mitigating"
    r"|for the (?:prosecution|defen[cs]e|Crown|(?:claimant|defendant|plaintiff)s?)),"
)
# A verb behind a name that is a subject, maybe after an aside: "Ann Lee, a baker, has".
ACTS = re.compile(
    r"(?: [KQS]C\b)?(?:,[^,.\n]{3,80},)?\s(?:\w+ly\s|also\s|then\s|has\s|had\s|have\s|would\s|will\s)?"
    r"(?:is|was|has|had|will|would|could|may|did|does|took|went|made|came|got|gave|ran|met|held|led|left|won|lost|\w{2,}ed|\w{3,}s)\b"
)
# Before a name that no aside follows: "According to Lee, the suspect fled".
ACCORDING = re.compile(r"\b[Aa]ccording to (?:[A-Z][\w.’'-]* )*$")
LONGEST_ACCORDING = 60  # characters
# The aside behind a name that may hold an office: "Jim Doe, a Texas senator,".
ASIDE = re.compile(r"(?: \([^)]*\))?, ((?!who|and|but)[^.;:,\n]{2,90})")

# What tells whether a person is a man or a woman, directly behind the name and before it: "Sam Whitlock and her
# brother", "Wei Lin, who left her village", "Tendai Moyo, her husband"; "her husband, Tendai Moyo".
_ASIDE_OF_PERSON = r"[^.,;:\n“”\"A-Z]{0,60}?\b"
# "her" is no owner in "who told her he was", "who met her here".
_NOTHING_OWNED = (
    "a|about|after|again|all|an|and|as|at|away|back|because|before|both|but|by|down|everything|for|from|he|here|how|I|if|in|into|it"
    "|like|not|nothing|off|on|once|or|out|over|she|so|that|the|then|there|they|this|through|to|twice|up|we|what|when"
    "|where|whether|while|who|why|with|you"
)
TELLS_BEHIND = re.compile(
    rf"(?:,? (?:and|with) |, (?:who|whose)\b{_ASIDE_OF_PERSON}|, \d+, (?:and|who)\b{_ASIDE_OF_PERSON})"
    rf"(?P<own>his|himself|herself|her(?= (?!(?:{_NOTHING_OWNED})\b)\w))\b"
)
# Before a name: whose partner or colleague its bearer is.
OWNER_BEFORE = re.compile(r"\b(?P<owner>[Hh]is|[Hh]er) (?:[\w-]+ ){0,3}[\w-]+,? $")
LONGEST_OWNED = 50  # characters
# Behind a name: what its bearer does with the own body.
BODY_BEHIND = re.compile(
    r" (?:\w+ly )?(?:(?:bowed|nodded|shook) (?P<own>his|her) head|(?:crossed|folded) (?P<arms>his|her) arms)\b"
)
NOUN_BEHIND = re.compile(
    r",(?: \d+,)? (?:(?:his|her|their|its|a|an|the|one) )?(?:[\w’'-]+ ){0,3}?(?P<noun>[\w-]+)"
    r"(?=[,.)]| of | from | at | for | who )"
)
NOUN_BEFORE = re.compile(r"(?P<noun>[\w-]+),? $")
# A person of this age: "Ann Lee, 34,", "Ann Lee (34)"; one of whom a verb in the singular tells: "Ann Lee, who runs".
AGE_BEHIND = re.compile(r"(?:, (?:aged )?\d{1,3}(?=[,.]| and\b| of\b| from\b)(?![.,]\d)| \(\d{1,3}\))")
WHO_BEHIND = re.compile(r", (?:who|whose)(?: \w+ly| also| now| once)? (?:is|was|has|says|\w{2,}[^s\W]s)\b")
# In the paragraph behind a name that may be a company’s: its bearer is a man or a woman.
PERSON_SPEAKS = re.compile(rf"[^\n]{{0,300}}?[”\"’] (?:he|she) (?:{_SPEECH})\b")
AS_FOR_BEFORE = re.compile(r"\bAs (?:for|to) $")  # "As for Lee, he was asked"
HE_OR_SHE_AT_ONCE = re.compile(r", (?:he|she)\b")
HE_OR_SHE_BEHIND = re.compile(r"[^\n]{0,300}?\b(?:[Hh]e|[Ss]he) ")
# The end of a job: "glaciologist", "physician".
JOB_ENDING = re.compile(r"(?:ologist|ographer|ician|keeper|worker|player|writer|maker|owner|holder|woman)$")
# A verb of speech directly behind a word, and one of quoted words directly before it: "May later told", ",” said May".
SPEECH_AT_ONCE = re.compile(rf" (?:\w+ly |also |later |then |once |has |had )?(?:{_SPEECH})\b")
QUOTED_BY = re.compile(rf"[”’\"'] (?:{_SPEECH}) $")
ACTS_AT_ONCE = re.compile(
    r"(?:[’']s\b| (?:is|was|has|had|will|would|could|did|does|took|went|made|came|got|gave|ran|met|held|led|left|won"
    r"|lost|\w{2,}ed|\w{3,}s)\b)"
)
LOWER_BEFORE = re.compile(r"\b[a-z]+,? $")
# Before a day or a month that is no given name: "on Friday", "last May".
DAY_BEFORE = re.compile(
    r"\b(?:in|on|by|of|since|until|till|from|last|next|this|early|late|every|and|to|mid|before|after) $"
)
# Before one word that is a person's name: "a teacher called Ana", "who gave her name as Ana".
NOUN_CALLED_BEFORE = re.compile(r"\b(?P<noun>[\w-]+),? (?:called|named|nicknamed|known (?:only )?as) $")
CALLED_BEFORE = re.compile(
    r"\b(?:(?:his|her|their|the|a|first|my) (?:first )?name (?:only )?as|first name,"
    r"|(?:identified|known|named|identifying (?:him|her)self) only as"
    r"|(?:be|being) (?:called|known|identified|named)(?: as)? only(?: as)?|called (?:only|just|simply)) $"
)
# Behind such a word: "Ana, who gave only her first name", "Ana, who like many there uses one name".
ONE_NAME_BEHIND = re.compile(
    r", (?:who|whose|using) [^.;\n]{0,50}\b(?:one name|single name|first name|(?:sur|last|full )name)\b"
)
A_NOUN_BEHIND = re.compile(
    r", (?:an?|his|her|their|the [\w-]+[’']s) (?:[\w’'-]+ ){0,3}?(?P<noun>[\w-]+)"
    r"(?=[,.)]| of | from | at | for | who | with | since )"
)
# Before "Norway Ann Ray Lee", of which the country is no part.
OFFICE_BEFORE = re.compile(r"[a-z] (?:of|in|at|from|for|to) $")
PLACE_BEFORE = re.compile(r"\b(?:of|in|on|at|from|near|along|off|to) (?:the )?$")
AT_BEFORE = re.compile(r"\b(?:at|in|near|outside) $")
ARTICLE_BEFORE = re.compile(r"\b(?:the|a|an|this|that|his|her|their|our|its) $", re.IGNORECASE)
LONGEST_ARTICLE = 6  # characters of such a word and the space behind it
TITLE_BEFORE = re.compile(r"\b([A-Z][\w-]*\.?)[ \xa0]$")
TITLE = re.compile(r"([A-Z][\w-]*\.?)[ \xa0](?=[A-Z])")
