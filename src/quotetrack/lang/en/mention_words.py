"""Words and patterns of the phrases that mention a speaker without a name: "a spokeswoman", "the mayor of Orle"."""

import re

# A mention that begins so means a person or thing that the article has not named before.
INDEFINITE = ("a ", "an ", "one ", "another ", "some ", "several ", "many ", "two ", "three ")
# A mention that begins so means one that the reader knows.
DEFINITE = ("the ", "this ", "that ", "his ", "her ", "their ", "my ")
# The definite beginnings that count as a feature ("definite").
DEFINITE_FEATURE = ("the ", "his ", "her ")

# Nouns for people, by their endings.
HUMAN = re.compile(
    r"(?:man|men|woman|women|person|er|or|ist|ian|ee|ant|(?<!m)(?<!perc)ent|chief|head|boss|aide|ally|critic|wife|husband|son|daughter|"
    r"father|mother|brother|sister|mogul|star|hopeful|victim|mayor|king|queen|pope|democrat|republican|native|magnate|tycoon)$",
    re.IGNORECASE,
)
# A person who speaks for others and may be named a little later.
SPOKESPERSON = re.compile(r"a spokes(?:man|person|woman)")
SPEAKS_IN_STATEMENT = re.compile(r"[^.\n]{0,30}\b(?:said|says|added|wrote|explained) in (?:a|the) (?:\w+ )?statement\b")
# Between a name and words that speak of that person: "Ann Lee, the mayor", "Lee and her aides".
BESIDE_NAME = re.compile(r"(?:, | and | \()$")
LONGEST_BESIDE_NAME = 5  # characters
AND = " and "
THE = "the "
THE_EXPERT = ("the expert", "the specialist")
# A relative of the writer who opens a paragraph.
MY_KIN = re.compile(r"(?:(?:And|But) )?(?P<kin>My (?:[\w-]+ ){0,2}?(?P<noun>[\w-]+))\b(?=,| [a-z])")

# Behind a description, before the verb of a clause about it: "a notice on the door that".
RELATIVE_BEHIND = re.compile(r"(\w) (?:that|which|who)$")
# Belongs to a description and stands between it and the cue: "officials at the board", "a sign on the quay";
# not "in an interview", nor "on Monday".
BELONGS = re.compile(r" (?:at|of|from|for|near|inside|(?:on|in) the) [^,.;:()\n“”\"—–]{3,60}")
# Says that an unnamed source is hidden, not who it is.
_HIDES = (
    r"who (?:(?:had|has) )?(?:asked|insisted|declined|refused|requested|wished|wanted|spoke|was|is|would|could|did)\b"
)
# Behind a source: "His sister, who asked not to be named, visits him."
HIDDEN_SOURCE = re.compile(
    r",? who (?:(?:\w+ly|also|later) )?(?:asked|wished|preferred|requested|wanted|did not (?:want|wish)"
    r"|didn[’']t want|declined|refused|spoke (?:on|under)|cannot be (?:named|identified)|asked for|gave)\b"
    r"[^.;:\n“”\"]{0,40}?\b(?:named|name|identified|anonym\w+|anonymously|condition)\b"
)
# Says who an unnamed source is, on either side of the cue: "a person close to the mayor".
KNOWS = re.compile(
    rf" (?:(?!{_HIDES})who|close to|familiar with|involved in|briefed on|with (?:direct )?knowledge of"
    rf"|calling (?:him|her)self) (?:(?!{_HIDES})[^,.;:()\n“”\"—–]){{3,80}}(?=[,.;:()\n“”\"—–]| who\b|$)"
)
# A verb of reporting behind a subject, maybe after an aside: "Ann Lee, a baker, has argued". Who asks is answered.
REPORTS = re.compile(
    r"(?: [KQS]C\b)?(?:,(?![^,\n]{0,80}\b(?:said|says|noted|added|wrote)\b)[^,.\n]{3,80},)?"
    r"\s(?:\w+ly |also |then |later |again |has |had )?(?:said|says|told|tells|added|adds"
    r"|wrote|writes|explained|argue[ds]|noted|notes|tweeted|recalled|insist(?:ed|s)|replied|warn(?:ed|s)|admit(?:ted|s)|joked|conceded"
    r"|responded|testified|claim(?:ed|s)|suggest(?:ed|s)|describe[ds]|disputed|denie[ds]|accused|critici[sz]ed|praised"
    r"|blamed|call(?:ed|s)|believes|acknowledged|complained|predicted|stressed|declared|announced|pointed|raised"
    r"|urged|vowed|promised|defended|dismissed|mocked|attacked|slammed|cited|mentioned|stated"
    r"|maintained|observed|remarked|contended|reiterated|emphasi[sz]ed|recounted)\b"
)
# A clause before the subject of its sentence: "When Ann Lee asked, Bo Berg left".
CLAUSE_FIRST = re.compile(
    r"\W{0,3}(?:but |and )?(?:when|if|after|as|while|before|although|though|because|since|once|asked|like|unlike)\b",
    re.IGNORECASE,
)

# Capitalised words directly before a name that belong to it ("UN General Assembly"), without a leading "The".
CAPITALS_BEFORE = re.compile(r"(?:(?!The\b)[A-Z][\w.’'&-]*[ \xa0])+$")
# More of an organisation's name behind its first words: " of the Northern Shore".
ORGANISATION_GOES_ON = re.compile(r"(?: (?:of|for|and|on|in) (?:the )?(?:[A-Z][\w’'-]*)(?: [A-Z][\w’'-]*)*)+")
# Between the words of which an acronym has the initials; small words have none.
_SMALL = r"(?: (?:of|for|the|and|on|in|to|de|du|des|la|le|del|di|da|e|y|et|für|und|der))*"
BETWEEN_INITIALS = rf"[\w’'-]*{_SMALL} (?:[dl][’'])?"
# The same where the acronym stands in brackets behind the words: "Office of Radio, Film and Song (ORFS)".
BETWEEN_INITIALS_BEFORE_BRACKET = rf"[\w’'-]*,?{_SMALL} (?:[dl][’'])?"

# An office of somebody or some place with a name: "Tarn's mayor".
OWNED_OFFICE = re.compile(r"(?:[A-Z][\w.’'-]* ){0,4}[A-Z][\w.-]+[’']s? ")

# The line of the author before a name: "By Ann Lee and ".
BYLINE = re.compile(r"^By (?:[^.\n]{3,60}(?:, | and ))?$")
BEFORE_AGENT = " by "
SENTENCE_STOP = re.compile(r"[.?!][\"”’]*\s|\n")

# Descriptions of somebody whom the article does not name elsewhere: whose owner has a name ("Vale’s lawyer"), of
# somebody new ("a waiter"), of one who speaks for somebody ("his lawyer").
TOLD_DESCRIPTIONS = (
    re.compile(r"(?:[\w.-]+ ){0,4}[\w.-]+[’']s? (?!predecessor|successor)", re.IGNORECASE),
    re.compile(r"(?:a|an|another) ", re.IGNORECASE),
    re.compile(
        r"(?:his|her|their) (?:[\w-]+ ){0,3}(?:agent|aide|attorney|barrister|counsel|lawyer|press-secretary|publicist"
        r"|representative|solicitor|spokesman|spokesperson|spokeswoman|witness)\b",
        re.IGNORECASE,
    ),
)
OWNED = re.compile(r"(?:His|Her|Their) ")
# Behind "His father": what is told of somebody who need not be there to speak.
NO_ACT = re.compile(
    r"[^.?!\n]{0,40}?\b(?:(?:was|were) (?:born|shot|hurt|found|\w+ed)|has|have|had|died|left|lived|lives|moved|resigned"
    r"|retired|became|grew|went|came|fell|passed|disappeared|drowned|suffered|survived|plays|works|studies|runs|played"
    r"|worked|studied|owns|owned|ran)\b"
)
# Who tells something, "he" or "she" or behind a name, and the words up to an inner speaker: "told us that the driver".
_TELLS = (
    r"(?: \w+ly| also| then| had)? (?:said|told|added|alleged|claimed|testified|recalled"
    r"|(?:described|explained|recounted|related|remembered) how)\b"
)
PRONOUN_TELLS = re.compile(rf"(?P<who>He|She){_TELLS}")
TELLS = re.compile(rf"(?: [KQS]C\b)?(?:,[^,.\n]{{3,80}},)?{_TELLS}")
IN_ONE = re.compile(r"[^,;:—–\n“”\"]{1,80}")
# At the beginning of a paragraph, before whom it is about, and between the two.
AS_FOR = re.compile(
    r"(?:(?:And|But) (?:as|what) (?:for|of|about)|As (?:for|to)|What (?:of|about)|Not so(?: for)?"
    r"|Then there (?:is|was)) "
)
TITLES = re.compile(r"(?:[\w.-]+ ){0,3}")
# Behind "his brother", "her grandfather": a verb of speech, so that "he said" means this one.
SPOKE = re.compile(
    r"(?:,[^,.\n]{3,60},)? (?:(?:had|has|would|used to|could|only|also|then|always|often|never|later|\w+ly) ){0,3}"
    r"(?:answer|call|cr(?:y|ied)|laugh|mutter|read|repl(?:y|ied)|said|say|shout|shrug|sigh|smile|speak|spoken?|tell|told|whisper"
    r"|writ(?:e|ten)|wrote|yell)(?:e?d)?\b"
)
# Behind a description that opens a paragraph: "The candidate himself", "The baker, who cannot be named, was asleep",
# "The victim, a nurse, wept".
SELF = re.compile(r" (?:himself|herself)\b|, (?:who|whose|an?) ")
# Between such a description and a second one of the same person: "The victim, a nurse who cannot be named, wept".
ASIDE_BETWEEN = re.compile(r", (?:\d\d, )?(?:now |once )?")
# Before the subject that opens a paragraph: "Under cross-examination, the driver".
INTRODUCTION = re.compile(r"[A-Z][^,.;:\n“”\"]{2,40}, (?=the )")
# Between the beginning of a paragraph and somebody who opens it: nothing, or "The head lad, ".
OPENS_PARAGRAPH = re.compile(r"(?:\A|\n)(?:(?:The|His|Her|Their|An?) [^,.;:\n“”\"]{2,60},? (?:[A-Z][\w.]*\.? )?)?$")
DIED = re.compile(r"[^.?!\n]{0,80}?\b(?:died|drowned|passed away|(?:was|were) (?:killed|murdered|born|buried))\b")
# Before a name that a sentence introduces so: "His deputy, ", "His roommate, goalkeeper ".
OWNED_BEFORE = re.compile(
    r"(?:^|[.?!”\"’]\s+)(?:His|Her|Their) [\w’ -]{3,60}, (?:(?!and\b|but\b|who\b)[a-z-]+ )?(?:[A-Z][\w.]*\.? )?$"
)
# So does "A driver at the depot, who asked to be called only ".
INTRODUCED_BEFORE = (
    OWNED_BEFORE,
    re.compile(
        r"(?:^|[.?!”\"’]\s+|\n)An? [\w’ -]{3,70},? (?:(?:who|whose|identified|known|named|called)\b[^.;:\n“”\"]*?)?"
        r"\b(?:as|called|named|known|identified)(?: only| just| simply)? $"
    ),
)
# Before a name in the sentence before an answer: "Asked about that a few minutes later, ".
ASKED_BEFORE = re.compile(
    r"(?:^|[.?!”\"’]\s+|\n)(?:When )?(?:[Aa]sked|[Pp]ressed|[Qq]uestioned|[Qq]uizzed|[Cc]hallenged)\b"
    r"[^.;:\n“”\"]{0,120}, $"
)
# Behind somebody who stands inside a phrase before the subject: "Asked about her opponent, Ann Lee, she laughed."
BEFORE_SUBJECT = re.compile(r", (?:he|she|they)\b")
# Before somebody of whom a sentence only speaks: "Lee said a patient may die", "as a tailor does".
SPEAKS_OF = re.compile(
    r"\b(?:said|says|told \w+|added|adds|believe[ds]|thinks|thought|fear(?:s|ed)|hop(?:es|ed)|that|as|than|like|if"
    r"|whether|unless|because) $"
)
# Directly behind somebody who has not acted yet.
MAY_ACT = re.compile(r" (?:will|may|might|should|must)\b(?! not\b)")
# What a parser takes for the beginning of a speaker: "in the second act a man in the front row".
CIRCUMSTANCE_FIRST = re.compile(r"(?:at|behind|by|during|from|in|near|on|outside|under|with)\b", re.IGNORECASE)
# Somebody to whom a sentence does something, or whose thing it is.
HIM = re.compile(r"\bhim\b|(?<!ing )\bhis\b")
HER = re.compile(r"\bher\b")
# Directly behind somebody who wants an answer: "a reporter asked", "a woman in the hall wanted to know".
ASKS = re.compile(
    r"[^.\n]{0,60}(?<!who )\b(?:ask(?:s|ed|ing)|want(?:s|ed) to know|wonder(?:s|ed)|inquir(?:es|ed)|enquir(?:es|ed))\b"
)
# Behind somebody who asks another, who then answers: "Lee asked him what he saw", "Lee reminded Dahl that ...".
# Not "Lee asked him to leave", nor "Lee asked why nobody came": that may be all that Lee wants to say.
_ASKED = r"(?:him|her|them|[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}|the [\w-]+(?: [\w-]+)?)"
_QUESTION = r"(?:about|how|if|what|when|where|whether|which|who|whom|whose|why)\b"
ASKS_ANOTHER = re.compile(
    r"(?:,(?! and\b)[^,.;:\n“”\"]{3,80},)? (?:\w+ly |then |also |again |next |later )?"
    rf"(?:(?:asks|asked) {_ASKED} {_QUESTION}|put it to {_ASKED} that\b"
    r"|(?:reminded|reminds|challenged|questioned|quizzed) (?:him|her|them|[A-Z][\w.’'-]*)\b)"
)
# The cue of an answer, and the end of a question with who asked it, directly before: "...?” the attorney asked.".
ANSWERS = frozenset("answered answers countered replied replies responded responds".split())
# Papers that only a court writes, and who writes them.
OF_COURT = frozenset("judgement judgment order ruling verdict".split())
JUDGES = frozenset("judge justice magistrate recorder sheriff".split())
COURT = re.compile(r"\b(?:[Cc]ourt|[Tt]ribunal|[Bb]ench)\b")
# Before "he": who is asked by the police or in court, so that no officer and no judge is meant.
INTERVIEWED = re.compile(
    r"\W*(?:When |After being |On being )?(?:[Aa]rrested|[Cc]autioned|[Ii]nterviewed|[Qq]uestioned)\b"
    r"[^.;:“”\"\n]{0,80}, "
)
OFFICERS = frozenset("constable detective inspector officer sergeant superintendent".split()) | JUDGES
# Behind the words, in place of the speaker's name: "“No,” came the reply".
REPLIES = frozenset({"the answer", "the reply", "the response"})
QUESTION_BEFORE = re.compile(r"\?[”’\"'] ?(?P<tag>[^“”\"\n]{3,80}?)\.\s*[“‘\"']?$")
BEFORE_WORDS = " \n“\"‘'"  # characters between a sentence and the quoted words behind it
# Between two people who speak together: "Ann Lee and Bo Dahl said", "said Ann Lee, the mayor, and Bo Dahl".
AND_NAME = re.compile(r"(?:, [^,.;:“”\"\n]{3,60},)? and (?=[A-Z])")
# Between the second of them and the verb, and behind the second where the verb stands before both.
BEFORE_JOINT_VERB = re.compile(r"(?:, [^,.;:“”\"\n]{3,60},)?(?: (?:both|jointly|also|have|had|\w+ly))? ")
BEHIND_JOINT = re.compile(r"\s*(?:[.;:]|$|(?:in|at|on|after|before|during|yesterday|today|last)\b)", re.MULTILINE)

# Before a name that is an object, and behind one of whom more is told.
BEFORE_OBJECT = re.compile(r"\b(?:about|against|by|for|from|of|over|than|to|with) (?:[A-Z][a-z]*\.? )?$")
TOLD_OF = (", who ", ", whose ")

# Before the name of a leader: "Norway’s Ann Lee".
OF_COUNTRY = re.compile(r"(?:(?:And|But) )?(?P<country>[A-Z]\w+)[’']s? (?=[A-Z])")
# "The 33-year-old"; not "the 33-year-old running the shop".
YEAR_OLD = re.compile(r"the (?P<age>\d{1,3})-year-old\b(?! [a-z]+(?:ing|ed)\b)")
# One of two bearers of a surname, the age behind a name, and the relatives who are elder and younger than another.
YOUNGER = "the younger "
BY_AGE = re.compile(r"the (?:younger|elder|older) ")
AGE = re.compile(r", (?P<age>\d{1,2})(?=[,.])")
# A relative with a given name alone, who may bear the surname of the other: "Penhallow’s father, Steve, drove there".
KIN_OPENS = re.compile(
    r"(?:^|(?<=[.?!”\"’'] ))(?:(?:And|But) )?"
    r"(?:His|Her|Their|(?:[A-Z][\w.-]*(?:[’'](?!s\b)\w+)? ){0,2}[A-Z][\w-]+[’']s?) (?:[\w-]+ ){0,2}?"
    r"(?:aunt|brother|cousin|dad|daughter|father|husband|mother|mum|nephew|niece|sister|son|uncle|widow|wife),"
    r" (?P<given>[A-Z][\w’-]+)(?=,)",
    re.MULTILINE,
)
ELDERS = frozenset({"father", "mother", "uncle", "aunt", "grandfather", "grandmother"})
CHILDREN = frozenset({"son", "daughter", "nephew", "niece", "grandson", "granddaughter"})
