"""Words and patterns of organisations that act and speak, with a name or by a noun: "The ferry company has said"."""

import re

QUOTED = "_"  # stands for each character of quoted words in the text that these patterns read

# Nouns of organisations that name no kind: "the company" may be any that is not called a ministry or a council.
GENERAL = frozenset(
    "body broadcaster business carmaker charity company firm giant group maker manufacturer network operator "
    "organisation organization outlet publication publisher regulator retailer startup start-up watchdog".split()
)
# Nouns, of a body or of its members, for those that have one of these words in their names: "the force" is Tarn Police.
CALLED_SO = {
    "force": frozenset({"constabulary", "police"}),
    "lawmakers": frozenset({"committee"}),
    "mps": frozenset({"committee"}),
    "judges": frozenset({"court", "panel", "tribunal"}),
    "watchdog": frozenset({"authority", "commission", "inspectorate", "ombudsman"}),
    "regulator": frozenset({"authority", "commission"}),
}
# What may stand behind such a word, where it says what the body is: "Tarn Police Service", "Committee on Harbours".
BEHIND_KIND = frozenset({"", "department", "for", "force", "in", "of", "on", "service"})
# Words in the name of an organisation that may be meant by a general noun as well.
MAY_BE_GENERAL = frozenset(
    "airlines alliance association bank coalition company corporation federation foundation fund group hospital inc "
    "institute journal league magazine mail museum network news post press project services society telegraph "
    "television times tribune trust tv union".split()
)
# Nouns that an article uses of others than the one body whose name holds them: "the government", "the team".
COMMON = frozenset("administration campaign church club court government group kingdom party state team".split())

_NOUN = (
    r"(?:agency|airline|alliance|army|association|authority|bank|board|brewery|broadcaster|bureau|campaign|carmaker"
    r"|chain|charity|church|club|college|commission|committee|company|consortium|council|department|embassy|federation"
    r"|firm|force|foundation|government|group|hospital|institute|league|manufacturer|military|ministry|museum|navy"
    r"|network|newspaper|operator|organi[sz]ation|paper|party|publisher|railway|regulator|retailer|school"
    r"|start-?up|team|think-?tank|tribunal|trust|union|university|watchdog)"
)
_VERB = (
    r"(?:is|was|has|had|will|would|could|may|did|does|said|says|told|wrote|sent|put|took|went|made|came|got|gave|held|led"
    r"|left|won|lost|set|cut|saw|found|paid|chose|hit|let|fell|rose|met|ran|grew|sold|bought|kept|brought|became|stood"
    r"|began|shut|\w{2,}ed|\w{3,}s)\b"
)
_ASIDE = r"(?:,[^,.\n]{3,80},)?"
_WHEN = r"(?: (?:\w+ly|also|then|later|has|had|have|on \w+day|last \w+|this \w+|in a statement)){0,2}"
# A verb behind an organisation that is the subject: "Ferry Lines on Monday said", "Ferry Lines, which runs".
ACTS = re.compile(rf"{_ASIDE}{_WHEN} {_VERB}")
# A name of which nothing else tells that it is an organisation's has to speak: "Brightline has confirmed".
_SPEECH = r"(?:said|says|told|wrote|announced|confirmed|denied|warned|added|argued|claimed|insisted|stated|tweeted)\b"
SPEAKS = re.compile(rf"{_WHEN} {_SPEECH}")
# Behind a subject that ends its sentence: "The bridge is safe, the ministry has said."
SPEAKS_LAST = re.compile(rf"{_WHEN} {_SPEECH}(?: [^.,;\n]{{1,30}})?[.,]")
BEFORE_LAST = re.compile(r", (?:the )?$")
LONGEST_BEFORE_LAST = 6  # characters
# An organisation without a name as a subject: "The Orle brewery announced", "China’s foreign ministry said".
DESCRIBED = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?) (?:(?!of |in |for |at |by |to )[\w’'.-]+ ){0,4}?"
    r"|\b(?:[A-Z][\w.-]+ ){0,3}[A-Z][\w.-]+[’']s? (?:[a-z-]+ ){0,2})"
    rf"(?P<noun>{_NOUN})(?={_ASIDE}{_WHEN} {_VERB})"
)
# Between the beginning of a sentence and its subject: "On Monday, the", "Still, the".
INTRODUCTION = re.compile(
    r"[“”‘’\"']*(?:[^,;:“”\"\n_]{1,60}, |(?:in|on|after|before|for|last|earlier) [^,;:“”\"\n_]{1,60} )?"
    r"(?:(?:but|and|yet|still),? )?(?:the )?(?:(?:[\w-]+ )?(?:maker|giant|company|firm|group|operator) )?",
    re.IGNORECASE,
)
# Directly before a subject: the quoted words, maybe with a verb of speech: "..., the", "...,” said the".
BEHIND_WORDS = re.compile(r"_[”’\"']+,? (?:(?:said|says|added|adds|wrote|according to) )?(?:the )?$")
LONGEST_BEHIND_WORDS = 30  # characters
DATELINE = re.compile(r"[^.\n]{0,30}(?:—|–| - )")

SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\b[A-Z])[.?!][”’\"')]*\s+(?=[“‘\"'(]*[A-Z0-9_])"
    r"|(?<=_[”’\"'])\s+(?=[A-Z“‘\"])|\n+"
)
# Another subject that "it" may mean: "The letter arrived. It said".
OTHER_SUBJECT = re.compile(r"(?:The|A|An|This|That|His|Her|Its|Their|My) ")
# What a sign, a letter or a book does.
READS = frozenset({"read", "reads", "shows", "provides", "begins", "concludes", "opens", "ends"})
STATEMENT = "the statement"
NEXT_WORD = re.compile(r"\s(\w+)")
# What a report or a statement does, as a reporter says.
WRITING_SPEAKS = READS | {"said", "says", "stated", "states", "added", "adds", "continued", "continues", "goes", "went"}
# A writing is told of for the first time: "a report", "a letter". A decision or an announcement says nothing itself.
INTRODUCES = re.compile(
    r"\b(?P<writing>[Aa]n? (?:[\w’-]+ ){0,3}?(?:affidavit|article|banner|complaint|document|e-?mail|editorial|filing"
    r"|lawsuit|leaflet|letter|memo|memorandum|message|note|notice|placard|plaque|poster|press release|report|sign"
    r"|statement|study|survey|text|transcript|tweet))\b(?! (?:box|campaign|card|engine|reader|writer))"
)
# Behind a writing, before the name of its author: "a letter from the driver, Tom Pell".
BY_AUTHOR = re.compile(r" (?:(?:written|signed|sent) )?(?:by|from) (?:(?:the|his|her|their) [\w -]{3,40}, )?")
PERSONAL = re.compile(r"(?:affidavit|e-?mail|letter|memo|memorandum|message|note|statement|text|tweet)$")
IT_SPEAKS = re.compile(rf"\bit(?={_WHEN} {_SPEECH})")
# Somebody issues a statement: "said in a statement", "released the following statement".
ISSUES = re.compile(
    r"\b(?:in|issued|issues|released|releases|posted|published|circulated|put out) (?:(?:a|an|the|its|his|her|their) )?"
    r"(?:[\w-]+ ){0,3}?statement\b",
    re.IGNORECASE,
)
# Pronouns and nouns that open a sentence with a capital and are no organisation.
NO_NAMES = frozenset(
    "he she it they we i you who that this one another others some many nobody somebody everyone both what mr mrs ms "
    "dr people critics officials experts supporters residents witnesses neighbours neighbors democrats republicans "
    "scientists researchers doctors police prosecutors investigators analysts".split()
)
