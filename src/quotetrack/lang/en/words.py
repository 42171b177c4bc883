"""English function words, negations, modals, contractions and number words. Lower case, with straight apostrophes."""

from __future__ import annotations

ARTICLES = frozenset({"the", "a", "an"})
NEGATIONS = frozenset("not no never none nobody nothing neither nor nowhere without".split())
MODALS = frozenset("will would shall should can could may might must".split())

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

# Words that tell no organisation from another: they are not counted when two names of organisations are compared.
SMALL_WORDS_OF_ORGANISATIONS = frozenset("the a an of and for in at to his her their".split())
