"""English function words, negations, modals, contractions and number words. Lower case, with straight apostrophes."""

from __future__ import annotations

import re

ARTICLES = frozenset({"the", "a", "an"})
NEGATIONS = frozenset("not no never none nobody nothing neither nor nowhere without".split())
MODALS = frozenset("will would shall should can could may might must".split())
AUXILIARIES = frozenset("am is are was were has have had do does did".split())
# What is reported with one of these in front is a question, an intention or a name, and no claim.
NO_CLAIM_BEGINNINGS = frozenset("to of for whether if how why what who when where as".split())

# In the topic of a question these words would match every paragraph.
FUNCTION_WORDS = frozenset(
    """
    a about after all an and any are as at be because been before being but by can could did do does for from had
    has have he her him his how i if in into is it its may me might more most my no not of on or our over s said say
    she should so some such than that the their them then there these they this those to under up us was we were what
    when where which while who whom why will with would you your
    """.split()
)

# Contractions whose long form does not follow from their ending.
CONTRACTIONS = {
    "won't": "will not",
    "wont": "will not",
    "can't": "can not",
    "cannot": "can not",
    "shan't": "shall not",
    "ain't": "is not",
    "gonna": "going to",
    "wanna": "want to",
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "he's": "he is",
    "she's": "she is",
    "what's": "what is",
    "who's": "who is",
    "i'm": "i am",
}
CONTRACTED_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"))

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
NUMBERS = {word: number for number, word in enumerate(_TO_NINETEEN.split())}
TENS = {
    word: 10 * tens
    for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}

# Endings of nouns and verbs, tried in this order, without which "ferries" and "ferry" are one word to a reader.
WORD_ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ions",
    "ion",
    "ies",
    "ied",
    "ers",
    "er",
    "ed",
    "es",
    "s",
    "y",
    "e",
)

# Words that choose some of many before "of": "one of the women". The many are not who speaks.
SOME_OF = frozenset(
    "all another any both each either few half many more most neither none one other several some".split()
)
INDEFINITE_DETERMINERS = frozenset({"a", "an", "one", "another", "some"})
DEFINITE_DETERMINERS = frozenset({"the", "this", "his", "her", "their", "its"})
COORDINATING = frozenset({"and", "but"})

# The kind of each pronoun that may name a speaker, or a thing that is cited.
PRONOUN_KINDS = {
    "he": "he_she",
    "she": "he_she",
    "who": "who",
    "i": "i",
    "they": "they",
    "we": "they",
    "it": "it",
    "that": "it",
}
PERSONAL_PRONOUNS = frozenset({"he", "she", "who"})
# Grammatical subjects that speak for nobody.
NOT_SPEAKERS = frozenset({"it", "that", "this", "which", "what", "there", "one", "these", "those"})
OWN_PRONOUNS = frozenset({"i", "we", "you", "my", "our", "i’m", "i'm"})  # seldom in a title or a term

# Words that a headline writes without a capital.
UNCAPITALISED_WORDS = frozenset(
    "a an and as at but by for from in is it nor of on or our the to up vs with your".split()
)

# Lemmas: in the passive their subject is who hears the words ("the jury was told").
TELLING_VERBS = frozenset({"advise", "ask", "assure", "brief", "inform", "notify", "remind", "tell", "warn"})
PLAIN_SPEECH_VERBS = frozenset({"say", "tell", "add", "write"})  # lemmas
# Verbs of reporting that also tell what somebody does without a word; lemmas.
GESTURES = frozenset(
    {"laugh", "smile", "sigh", "grin", "shrug", "nod", "chuckle", "giggle", "cry", "weep", "sob", "groan"}
)
ASKING_VERBS = frozenset({"ask", "press", "question", "quiz", "challenge"})  # lemmas: "asked by a reporter"
SENDING_VERBS = frozenset({"send", "write", "leave", "post", "email", "text", "dictate", "sign"})  # lemmas
# "Malik reads from his statement: ...", "put a message to her: ...": lemmas, and what follows the first.
READING_VERBS = frozenset("produce put read recite show".split())
OUT_OF = frozenset({"from", "out"})
FROM = frozenset({"by", "from"})  # before who wrote it
STATEMENT = "statement"
MESSAGES = frozenset("diary e-mail email letter message note post statement text transcript tweet".split())
READING_WORDS = frozenset({"reading", "saying", "that", "which"})  # between "sent him a message" and a colon
# "Lee ended the report with the words “...”"; who carries a banner with words has not said them.
ENDING_VERBS = frozenset("begin close conclude end finish greet open start welcome".split())
# Lemmas of what nobody need say: "The judge said Lee had shown “no remorse”".
NOT_OF_WORDS = frozenset(
    "decide deliver determine find go illustrate list mean play present pull put see share show".split()
)
QUOTING_VERBS = frozenset({"cite", "quote"})  # lemmas; their object speaks
# Lemmas before "Dahl telling him ...", and the preposition in "an account of Dahl telling him ...".
HEARING_VERBS = frozenset("catch film hear overhear recall record remember".split())
HEARD_OF = frozenset({"of"})
# Lemmas before "how Dahl used to warn them that ...".
RETELLING_VERBS = frozenset("describe explain recall recount relate remember".split())
HEARD_PRONOUNS = frozenset({"him", "her"})
GERUND = "ing"  # behind a verb that a parser takes for a noun: "Ms Lee replying"
# Between "was called" or "was described" and the words.
BEFORE_CALLED = frozenset("a an as the".split())
WITH_THE_WORDS = ("with", "the", "words")
# Before the words of the second of two who see a thing: "To Lee she is “brave”, to Dahl ".
VIEWS = re.compile(
    r"(?:^|[.?!:] )(?P<first>To|For) [A-Z][^\n]*?[”\"’'][,;] (?:and |but )?(?P<again>to|for)"
    r" (?P<name>[A-Z][\w’-]*(?: [A-Z][\w’-]*)*),? $",
    re.MULTILINE,
)
# At the end of words that ask for consent: "It was shut, wasn’t it?", "You knew him, did you?".
TAG_QUESTION = re.compile(
    r"(?:n[’']t|, (?:is|was|are|were|do|does|did|has|have|had|can|could|will|would))"
    r" (?:I|you|he|she|it|we|they|that|there)\?|, (?:right|correct|no|yes)\?"
)
NAMING_WORDS = frozenset({"as", "called", "like", "dubbed", "titled", "named", "so"})  # before a term or a title
INTRODUCING = frozenset({",", ":", "that"})  # directly before the marks that a reporting word introduces
ACCORDING_TO = ("according", "to")

# Prepositions that tie a phrase to the noun before it: "the mayor of Orle", "a spokesman for the board".
ATTACHING_PREPOSITIONS = frozenset({"of", "for", "from", "at", "with", "in"})
# Those that the parser may tie to the verb by mistake.
LOOSE_PREPOSITIONS = frozenset({"for", "of"})

# Words that begin with an apostrophe: ’em, ’til, ’90s.
ELIDED = re.compile(r"(?:em|im|er|tis|twas|til|till|cause|bout|round|n|cos|coz|neath|\d\ds?)\b", re.IGNORECASE)
# Words that end with an apostrophe: players’, ’n’, fallin’, o’, a wall of 6’. The mark follows directly.
CUT_OFF = re.compile(r"(?:[sSzx]|\b\d{1,3}|(?:\b|[a-z])in|\b(?:[oOnN]|an|th|wi|ol|mo|lo|tha))$")
BETWEEN_APOSTROPHES = re.compile(r"['‘’`]n$", re.IGNORECASE)  # of ’n’, before the second mark

# Directly before the marks of a name: "the project, called", "under the title"; and before those of a work.
CALLED_BEFORE = re.compile(
    r"\b(?:called|named|titled|entitled|dubbed|headlined|christened|subtitled|nicknamed|"
    r"(?:under|with) the (?:title|name|headline|slogan))(?: simply)?,?\s*$",
    re.IGNORECASE,
)
WORK_BEFORE = re.compile(
    r"\b(?:songs?|singles?|albums?|films?|movies?|novels?|books?|memoirs?|essays?|poems?|plays?|musicals?|operas?|"
    r"ballads?|paintings?|sculptures?|exhibitions?|documentar(?:y|ies)|series|sitcoms?|shows?|programmes?|podcasts?|"
    r"anthems?|hymns?|magazines?|(?:auto)?biograph(?:y|ies)|thrillers?|symphon(?:y|ies))(?:,| of \d{4},)?\s*$",
    re.IGNORECASE,
)
# "Came back at him with “...”".
RETORTS = frozenset("come hit fire shoot snap bounce clap punch lash strike".split())
BACK, WITH = "back", "with"
# Before a paper of who is the subject: "said in a letter that", "issued a statement that".
IN_PAPER = frozenset({"in", "with", "via", "through"})
ISSUING_VERBS = frozenset(
    "circulate deliver email file give issue post publish put release send submit tweet write".split()
)

# A question of an interviewer: it asks, or speaks to "you".
TO_YOU = re.compile(r"\?\s*$|\b[Yy]our?(?:self|s)?\b|\b[Yy]ou[’'](?:re|ve|d|ll)\b")
QUOTE_MARK = re.compile('[“”‘"]')
