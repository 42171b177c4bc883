"""Words and patterns beside quotations and dates that bear on the day on which words were said."""

from __future__ import annotations

import re

from quotetrack.lang.en.calendar import MONTHS, WEEKDAYS

# Directly before a date on which the words were not said: "next Monday", "until Friday".
NOT_SAID_THEN = re.compile(
    r"\b(?:next|coming|upcoming|until|till|before|since|every|each|any|ahead of|scheduled for|due|by|after|for)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# Shortly before a date that is to come: "will open on Monday".
FUTURE = re.compile(
    r"\b(?:will|would|to be held|plans?|set|scheduled|expected|due|going)\s+(?:\w+\s+){0,6}$", re.IGNORECASE
)
PERFECT = re.compile(
    r"(?:\b(?:has|have|had)|[’'](?:s|ve|d))\s+(?:\w+\s+){0,2}\w+(?:ed|id|en|ld|wn|ut|ght)\b", re.IGNORECASE
)
HABIT = re.compile(
    r"\b(?:once|often|always|repeatedly|famously|previously|formerly|long|frequently|regularly|sometimes|usually|"
    r"in the past|over the years|years ago|at the time|used to|back then|then|earlier|at one point|later)\b",
    re.IGNORECASE,
)
LATELY = re.compile(r"\b(?:recently|recent|lately|in recent (?:days|weeks)|the other day)\b", re.IGNORECASE)
PRESENT = re.compile(
    r"\b(?:says?|writes?|adds?|notes?|argues?|explains?|thinks?|believes?|calls?|tells?|asks?|recalls?|insists?)\b"
)
FIRST_PERSON = re.compile(r"\b(?:I|me|my)\b")

# The cue of a quotation.
TOLD = ("told", "telling")
WRITTEN = re.compile(r"wrote|writes|writing|tweeted|posted")
IT = "it"  # a paper that speaks
# At the beginning of a sentence that quotes a recording.
ON_RECORD = re.compile(r"(?:[Oo]n|[Ii]n) (?:it|the (?:clip|footage|recording|tape|video))\b")
ON_TAPE = re.compile(r",? (?:on|in) (?:the|that) (?:audio|recording|tape|voicemail)\b")  # behind the cue
HEARD = re.compile(r"heard|written|texted|emailed|messaged|noted|typed|seen|saying|shouting|telling|reads?")
GOES_ON = ("added", "continued", "adding", "concluded", "replied", "asked")
CALLS = ("call", "describ", "refer", "dub", "label", "brand")  # beginnings of words, here and below
VOWS = ("vow", "promis", "pledg", "propos", "want", "seek", "oppos", "support")
ACCORDING = "according"
# Directly before the cue: "has said", "had said", "once said", "would say".
HAS = re.compile(r"(?:\b(?:has|have)|[’'](?:s|ve))\s+(?:\w+\s+)?$")
HAD = re.compile(r"(?:\bhad|[’']d)\s+(?:\w+\s+)?$")
# Behind the cue: the words are of another time, which the article has told before.
THEN = re.compile(
    r"(?: (?:her|him|me|them|us|reporters|it))?(?:,? (?:back then|at the time|in those days)| then"
    r"|,? (?:at|during|in) (?:that|the same)"
    r" (?:briefing|conference|debate|event|hearing|interview|meeting|rally|session|speech|trial))"
    r"(?=[.,;:”\"]|$| to )"
)
# A day that is told by an event: "told us the morning after the fire".
BY_EVENT = re.compile(
    r"(?:\b(?:met|posted|said|spoke|spoken|told|wrote)(?: (?!that\b)[\w’'-]+){0,6},? |(?:^|[.?!”\"] )(?:On )?)"
    r"[Tt]he (?:day|morning|afternoon|evening|night) (?:after|before) (?:the|his|her|their|its) [a-z]"
)
# Words of an earlier day that are brought as evidence, in the sentence of the words: "she told police", "in a recording
# played to the court". The day on which a court hears them is not theirs.
EVIDENCE = re.compile(
    r"\b(?:told|said to|statement to|interviewed by|interview with) (?:the )?"
    r"(?:police(?! (?:chief|commission|conference|federation|officer|union))|detectives|investigators|paramedics"
    r"|officers(?! of\b)|gardaí|dispatchers?|researchers|pollsters|interviewers)\b|\b(?:999|911) call\b"
    r"|\b(?:audio|footage|recording|transcript|voicemail)s?\b[^.\n]{0,60}?\b(?:played|shown|heard|recorded)\b"
    r"|^\W*According to (?:the (?:witness|affidavit|complaint|indictment|lawsuit|charge sheet|defendant|victim)"
    r"|court (?:documents|filings|papers|records)|prosecutors|police|detectives|investigators), ",
    re.IGNORECASE,
)
# So are words within words, as far as their own verb: "She told the court that when she arrested him he said".
_TELLS = r"(?:alleged|claimed|described|heard|recalled|recounted|said|testified|told)"
RETOLD = re.compile(rf"\b{_TELLS}\b[^.;:]{{0,60}}?\b(?:how|that)\b")  # before an inner speaker
READ_OUT = re.compile(r"\b(?:puts?|reads?|recite[ds]?)(?: out| from)* $")  # before "a message"
HEARING = re.compile(
    r"\b(?:court|hearing|inquest|inquiry|jurors|jury|trial|tribunal)\b (?:(?:has|had|was) )?(?:heard|told)\b"
)
_SAYS = r"(?:admitted|answered|asked|replied|said|screamed|shouted|told|warned|whispered|yelled)"
RECOUNTED = re.compile(
    rf"(?:\b{_TELLS}\b[^.;:]{{0,60}}?\b(?:how|that)\b[^.;:]{{1,120}}|^\W*According to [^,.;:]{{3,40}}, [^.;:]{{1,80}})"
    rf"\b{_SAYS}(?: (?:her|him|it|me|officers|police|them|us))?\W*$"
)
# So are letters and messages where a court is named in this sentence or the one before.
PAPER = re.compile(r"\b(?:(?:diary|e-?mail|letter|message|note|text|tweet)s?|records)\b", re.IGNORECASE)
# Records of words said or written before, which come out on a day that is not that of the words: "emails released on
# Monday", "a recording leaked on Monday", "prosecutors published texts". What is new may be released as well (a letter,
# a video), but nothing new is leaked, unearthed or sold.
_RECORD = (
    r"(?:e-?mails|texts|messages|chats|transcripts?|recordings?|tapes?|audio|diar(?:y|ies)"
    r"|(?:body-?(?:worn )?(?:cam(?:era)? )?|dash-?cam(?:era)? |cctv |surveillance |security )?footage|voicemails?"
    r"|(?:body-?(?:worn )?|dash-?)cam(?:era)? video|cables|(?:911|999|emergency) calls?)"
)
_OLD_RECORD = (
    rf"(?:{_RECORD}|letters?|statements?|memos?|memorand(?:um|a)|notes|documents|papers|files|records|posts?|tweets?|videos?|clips?"
    r"|manuscripts?|e-?mail|message)"
)
_LEAKED = (
    r"(?:leaked|hacked|unsealed|declassified|unearthed|discovered|recovered|obtained|seized|auctioned|sold|resurfaced"
    r"|came to light|dug up|handed (?:over )?to|tendered|entered into evidence"
    r"|read (?:out )?(?:to|in|at) (?:the )?(?:court|judge|jur(?:y|ors)|hearing|inquest|inquiry|trial|tribunal))"
)
_RELEASED = (
    rf"(?:{_LEAKED}|released|published|made public|disclosed|posted online|put online"
    r"|(?:was|were) (?:then )?(?:played|shown|read out)|(?:played|shown) (?:to|in|at))"
)
_GAP, _BESIDE = r"(?:[^.;:!?\n“”\"]|(?<=\d)[.:](?=\d)){0,80}?", r"[^.;:!?\n“”\"]{0,40}?"
COMES_OUT = re.compile(
    rf"\b(?:{_RECORD}\b{_GAP}\b{_RELEASED}|{_OLD_RECORD}\b{_GAP}\b{_LEAKED}|{_RELEASED} {_BESIDE}\b{_RECORD}"
    rf"|{_LEAKED} {_BESIDE}\b{_OLD_RECORD}|(?:play(?:s|ed)|screened) {_BESIDE}\b{_RECORD}"
    rf"|reads? (?:out |aloud )?{_BESIDE}\b(?:letter|note|diary|e-?mail|message|poem)s? (?:from|by|of)"
    rf"|video released {_BESIDE}\bby (?:the |his |her |their )?"
    r"(?:police|sheriff|family|lawyers?|attorneys?|prosecutors?|authorities))\b",
    re.IGNORECASE,
)
LONGEST_TO_DATE = 40  # characters between that and its day
BEFORE_FIRST_DATE = re.compile(r"\W*(?:(?:but|and) )?(?:(?:late |early )?on |in )?", re.IGNORECASE)
# Texts that say the same every day: who reads them out, or when, tells no day of theirs.
STANDING_TEXT = re.compile(
    r"\b(?:sign|motto|contract|lease|rule ?book|rules|label|plaque|inscription|constitution|statute|charter|manual"
    r"|by-?laws?|dictionary|proverb|saying|anthem|treaty|menu|epitaph|headstone)\b"
)
GOES_ON_BEHIND = re.compile(r"$|,| (?:of|on|at|above|in|over|beside|for|by|from|outside|inside|near|behind|between)\b")
# So do notices that hang somewhere: "a notice taped to the door", "a poster in the window".
NOTICE = re.compile(
    r"\b(?:notice|poster|banner|placard|billboard|bedsheet|sticker|graffit[io]|plate)\b"
    r"(?= (?:taped|pinned|stuck|nailed|hung|hanging|painted|tied|propped|on|in|at|above|over|outside|inside|beside|near"
    r"|by) )"
)
# Behind the name of somebody who has died: what the article quotes was said before.
DIED = re.compile(
    r"(?:,[^.;:\n“”\"]{0,60},)?(?:, who)? (?:has |had |suddenly |peacefully )*"
    r"(?:died|drowned|passed away|(?:was|is|were) (?:killed|murdered|shot dead|found dead|stabbed to death|dead))\b"
)
COURT = re.compile(r"\b(?:coroner|court|hearing|inquest|inquiry|judge|jury|jurors|trial|tribunal)\b", re.IGNORECASE)
RECALLED = re.compile(
    r"\b(?:once|often|always|repeatedly|frequently|regularly|usually|previously|famously|formerly)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
WOULD = re.compile(r"\b(?:would|will|could|can|may|might|to|likes? to|used to)\s+(?:\w+\s+)?$")

# Behind a speaker who is introduced to the reader: "Ann Lee, a baker", "Ann Lee, 52,", "Ann Lee (R)".
INTRODUCED = re.compile(r"\s*(?:(?:\([^)]{1,12}\),?|,)\s*)?(?:an?|the|who|\d\d,|\()", re.IGNORECASE)
PRONOUNS = ("he", "she", "they", "who")
STATEMENTS = ("statement", "release")

# The verb of a date: helpers and verbs by which it lies ahead, and verbs of speaking beside those of `reporting.txt`.
WILL = frozenset({"will", "would", "shall", "’ll", "'ll"})
PLANS = frozenset(
    "plan be expect schedule set due intend hope want vow promise pledge prepare aim seek go agree decide need have "
    "likely".split()
)
PLANNED = frozenset({"schedule", "expect", "slate", "due"})
# Nouns of time between a date and its verb: "in the summer of 2016".
TIMES = frozenset(
    "spring summer autumn fall winter end beginning start middle week weekend month year night evening morning "
    "afternoon day days months years hours".split()
)
# A paper in which something is said: "said in a warning issued on Sunday".
IN_PAPER = frozenset({"in", "via", "through"})
COMES_OUT_AS_PAPER = frozenset("issue release publish post send file circulate air broadcast".split())
# By which one person speaks alone: the day is of no words of others.
OWN_WAYS = frozenset("e-mail email facebook interview letter message post statement telephone tweet".split())
AT_EVENT = frozenset({"during", "at", "in"})
LIMITS = frozenset({"before", "until", "till", "by", "since", "after", "from", "for", "ahead", "through"})
ASK = "ask"
SPEAKS = frozenset("speak write tweet post appear testify tell interview issue release publish address".split())

# The sentence of a date.
SPOKEN = frozenset(
    "said told spoke speaking tweeted wrote added asked announced called argued speech interview appeared".split()
)
SAID_JUST_BEFORE = re.compile(
    r"\b(?:said|told(?: \S+){1,4}|wrote|tweeted|spoke|announced|added)\s+(?:(?:on|late|early|last)\s+)*$"
)
DONE_JUST_BEFORE = re.compile(r"\b\w+ed\s+(?:(?:on|late|early|last)\s+)*$")
CLAUSE_BEHIND = re.compile(r"\W*(?:when|as|after|before|that|while|during|to|in an?)\b")
ON_BEFORE = re.compile(r"\b(?:on|late|early)\s+$", re.IGNORECASE)
PART_OF_DAY = re.compile(r"night|evening|morning|afternoon", re.IGNORECASE)
POSSESSIVES = ("'s", "’s")
DATELINE = re.compile(r"[A-Z .,']{4,40}$")
# Before and behind the date of a dateline, which is that of the report: "FLINT, Mich., Oct. 4 (UPI) — ".
BEFORE_DATELINE = re.compile(r"[A-Z][A-Z .’'-]{2,30}(?:, ?[A-Z][\w .]{1,20})?,? ?$")
BEHIND_DATELINE = re.compile(r",?\s*(?:\([^()\n]{2,30}\)\s*)?[—–-]{1,2}\s")

# A paragraph about the text itself: "Update, 9:40 a.m. Wednesday: This story now includes ...".
OF_PRINTING = re.compile(
    r"(?:[*[(•–—-]+ ?)?(?:(?:U(?:PDATED?|pdated?)|C(?:ORRECTION|orrection|LARIFICATION|larification)"
    r"|E(?:DITOR[’']S NOTE|ditor[’']s note))\b[^.\n]{0,40}:"
    r"|This (?:article|story|piece) (?:(?:was|has been|is|originally|first|last|since) )*"
    r"(?:amended|appeared|changed|corrected|edited|published|updated|written)\b)"
)

CAPITALISED = re.compile(r"\b[A-Z][a-zA-Z]{2,}")
# Capitalised words that name no place, outlet or person.
NO_PLACES = frozenset({*WEEKDAYS, *MONTHS}) | frozenset(
    "This That The When But And After Mr Mrs Ms President Senator Sen Rep Gov "
    "Republican Democratic Republicans Democrats".split()
)
# Before the day on which a paper came out, at the beginning of a sentence: "In guidance published on Tuesday, ...".
PAPER_OF = re.compile(
    r"\W*(?:(?:but|and) )?in (?:(?:an?|the|its|his|her|their) )?"
    r"(?:(?:[\w’'-]+ ){1,4}(?:published|issued|released|posted|circulated|dated)"
    r"|(?:[\w’'-]+ ){0,3}(?:filing|memo|report|statement))(?: (?:late|early))?(?: (?:on|in|last|this))? ?$",
    re.IGNORECASE,
)
