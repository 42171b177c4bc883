"""Words of offices and of those who hold them: "the former mayor", "her deputy", "took over as". Lower case."""

import re

# Before the noun of an office, or joined to it: whose time is over, and whose time it is.
FORMER = frozenset(
    "former ex old outgoing then previous departing past retired one-time onetime erstwhile ousted".split()
)
PRESENT = frozenset("new incoming newly elect designate current present sitting".split())
# Before the noun of an office: it is another office than the noun alone.
RANKS = frozenset("deputy vice assistant acting interim caretaker shadow junior associate alternate".split())
PREFIX, SUFFIX = re.compile(r"ex-"), re.compile(r"-(?:elect|designate)$")
# Words in lower case, or that open a sentence, that say which kind of office it is.
KINDS = frozenset(
    "agriculture army chief company council culture defence defense district education energy environment finance fire "
    "first foreign general harbour head health home housing industry interior joint justice labour managing party "
    "planning police prime schools senior shop sports team tourism trade transport treasury union works youth".split()
)
# One office has several nouns.
SAME_NOUN = {
    "chairman": "chair",
    "chairwoman": "chair",
    "chairperson": "chair",
    "spokesman": "spokesperson",
    "spokeswoman": "spokesperson",
    "congresswoman": "congressman",
    "councilwoman": "councilman",
    "headmaster": "headteacher",
    "headmistress": "headteacher",
    "head-teacher": "headteacher",
    "harbour-master": "harbourmaster",
    "manageress": "manager",
    "waitress": "waiter",
    "actress": "actor",
    "justice": "judge",
    "barrister": "lawyer",
    "solicitor": "lawyer",
    "attorney": "lawyer",
    "counsel": "lawyer",
}
# Offices of which nobody holds two at a time.
EXCLUSIVE = frozenset(
    "president chancellor premier king queen prince princess pope emir sultan mayor governor judge magistrate coroner "
    "prosecutor bishop archbishop rabbi imam sheriff juror foreman marquess duke earl viscount".split()
)
# Parts in one story that exclude one another: who coaches is not the striker.
PARTS = (
    frozenset("judge magistrate coroner prosecutor lawyer defendant juror foreman".split()),
    frozenset("coach striker goalkeeper defender midfielder winger referee umpire".split()),
    frozenset("doctor surgeon nurse midwife paramedic patient".split()),
)
# Behind a name: who is accused.
_TRIED = "jailed|convicted|sentenced|fined|charged|acquitted|cleared|found guilty|remanded|on trial|imprisoned"
_CHARGE = "guilty|not guilty|murder|manslaughter|theft|fraud|rape|assault|robbery|arson|burglary|(?:the )?charges?"
ACCUSED = re.compile(
    r"(?:, (?:aged )?\d{1,3},)?(?:(?: |, )(?:of|from) [^,.;\n]{2,30},)?"
    rf" (?:(?:was|is|has been|had been) (?:\w+ly )?(?:{_TRIED})"
    rf"|(?:admitted|admits|pleaded|pleads|denied|denies) (?:{_CHARGE})|stood trial)\b"
)
# Nouns that speak of another holder of the same office.
SUCCESSOR, PREDECESSOR, DEPUTY, COUNTERPART = "successor", "predecessor", "deputy", "counterpart"
RELATIONS = frozenset({SUCCESSOR, PREDECESSOR, DEPUTY, COUNTERPART})
# Where the words of an office end that stand before its noun; behind these, where it is held.
OF = frozenset("of for at in from".split())
# Groups that a leader leads: "the Labour group’s leader" is the Labour leader.
NOT_TELLING = frozenset("the a an its his her their this that group side and mr mrs ms miss sir lord lady dame".split())

WORD = re.compile(r"[\w’'-]*\w(?:\.\w)*")
OWNER_END = re.compile(r"[’']s?$")
LONGEST_OFFICE = 9  # words
# What opens the words of an office before a comma and a name.
OPENS = re.compile(r"(?:\b[Tt]he |\b[Aa]n? |\b(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) |(?:\b[A-Z][\w-]* )*\b[\w-]+[’']s? )")
THE = re.compile(r"the\b", re.IGNORECASE)
OWNERS = re.compile(r"(?:his|her|its|their)\b", re.IGNORECASE)
# The time of an office, an aside behind a name that holds one, and verbs that do.
_TIME = r"(?P<time> (?:from|since|until|between)\b[^,.;:\n]{0,40})?"
_OFFICE = rf"(?P<office>[^,.;:()“”\"\n]{{3,60}}?){_TIME}"
_STOPS = r"(?=[,.;:]|$| in \d| (?:and|but|on|after|when|while|last|this|by|with|from|yesterday|today)\b)"
ASIDE = re.compile(
    r",(?: (?:aged )?\d{1,3},)? (?!who\b|whose\b|and\b|but\b|which\b)"
    rf"(?P<office>[^,.;:()“”\"\n]{{3,70}}?){_TIME}(?=[,.)]|$| who\b| said\b)"
)
_MADE = "elected|appointed|named|chosen|sworn in|installed|made|confirmed"
# A verb behind a name that tells an office of now, of some time, and of before.
BECOMES = re.compile(
    rf"(?:,? who)? (?:is now|is|has been|became|becomes|(?:was|has been|is) (?:newly )?(?:re-)?(?:{_MADE})(?: as)?"
    rf"|(?:took|takes|has taken) (?:over|office) as|serves as|works as) {_OFFICE}{_STOPS}"
)
WAS = re.compile(rf"(?:,? who)? was (?!{_MADE}){_OFFICE}{_STOPS}")
LEFT = re.compile(
    r"(?:,? who)? (?:had been|used to be|served as|(?:stepped|stood|steps|stands) down as"
    r"|(?:resigned|retired|quit|resigns|retires|left office) as|was (?:ousted|removed|sacked|dismissed|deposed) as"
    rf"|lost \w+ (?:job|post|seat) as) {_OFFICE}{_STOPS}"
)
# Verbs that are offices: "who leads Labour" is the Labour leader.
LEADS = re.compile(
    r",? who (?:has )?(?P<verb>leads?|led|chairs?|chaired|heads?|headed|coach(?:es|ed)?|manages?|managed"
    rf"|captains?|captained|edits?|edited|directs?|directed) {_OFFICE}(?=[,.;:]|$)"
)
NOUN_OF_VERB = {
    "lead": "leader",
    "led": "leader",
    "chair": "chair",
    "head": "head",
    "coach": "coach",
    "manag": "manager",
    "captain": "captain",
    "edit": "editor",
    "direct": "director",
}
IS_OVER = re.compile(r" (?:until|from \d{4} (?:to|until|till) \d{4}|between \d{4} and \d{4})\b")
# Between two names: the first follows the second in office, or the second the first.
SUCCEEDS = re.compile(
    r"(?:, [^.;:\n]{3,60},)? (?:will |has |had )?(?:succeed(?:s|ed)?|replace[sd]?|follow(?:s|ed)?"
    r"|(?:took|takes|taken|take) over(?: (?:on|in|last|this) [\w ]{3,20}?)?(?: as (?P<office>[^.;:,\n]{3,40}))? from"
    r"|inherit(?:s|ed)? [^.;:,\n]{3,40} from) "
    r"(?:[\w.-]+ ){0,3}?"
)
SUCCEEDED_BY = re.compile(
    r"(?:, [^.;:\n]{3,60},)? (?:(?:is|was|has been|will be) (?:to be )?(?:succeeded|replaced|followed)"
    r"(?: as (?P<office>[^.;:,\n]{3,40}))? by|handed over to|made way for"
    r"|(?:gave|gives) up [^.;:,\n]{3,40} to) (?:[\w.-]+ ){0,3}?"
)
AS_OFFICE = re.compile(r" as (?:the )?(?P<office>[^.;:,\n]{3,40}?)(?=[,.;]| on\b| in\b| last\b| this\b| after\b|$)")
# Behind a name: "Kari Moen of Norway", "Senator Walt Greer of Tarn".
OF_PLACE = re.compile(r" (?:of|from|for) (?P<place>[A-Z][\w-]+(?: [A-Z][\w-]+)*)")
# The end of a sentence, and no stop of "Sen." or "J.".
SENTENCE_END = re.compile(r"(?:(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})\.|[?!])[\"”’]*\s|\n")
# Directly before names that share an office: "Councillors Ann Lee and Bo Dahl", "The mayors of Holm, Ann Lee, and of".
SHARED = re.compile(r"(?<![\w-])(?P<office>[\w-]+)s (?:of [\w’'-]+(?: [\w’'-]+)?, )?$")
JOINS = re.compile(r"(?:,| and|, and)(?: of [\w’'-]+(?: [\w’'-]+)?,)? $")
