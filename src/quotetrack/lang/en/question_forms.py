"""The English forms of a question: patterns for what is asked, of whom and about what, for outlet and days.

Upper and lower case are alike. Words between quotation marks have been replaced by `QUOTED` before a pattern is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from quotetrack.lang.en.calendar import MONTH_ABBREVIATION, MONTH_NAME, WEEKDAY_NAME
from quotetrack.lang.en.words import NUMBERS

# Quoted words

QUOTED = "\ufffc"  # the object replacement character, which nobody types
QUOTATIONS = re.compile(
    r"[\"“”„«](?P<double>[^\"“”„«»]+)[\"“”»]|(?<!\w)['‘](?P<single>[^‘]+?)['’](?=[\s,.;:?!)]*(?:$|\s))"
)

# Words around a question

PREAMBLE = re.compile(
    r"(?:(?:please|hi|hello|hey|so|well|ok|okay|now)\b[\s,]*)*"
    r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?)?"
    r"(?:(?:tell|remind)\s+(?:me|us)(?!\s+(?:more|else))\s+|let\s+(?:me|us)\s+know\s+"
    r"|i(?:'d|’d|\s+would)?\s+(?:want|need|like)\s+to\s+(?:know|see|read|find\s+out)\s+|do\s+you\s+know\s+"
    r"|i\s+wonder\s+)?",
    re.IGNORECASE,
)
CONTRACTED = re.compile(r"^(what|who|where|how|when)[’']s\b", re.IGNORECASE)  # "what's Venn's position"
AFTERWORDS = re.compile(
    r"(?:\s|,)+(?:by\s+(?:anyone|anybody|everyone|everybody|people|someone|somebody)|so\s+far|to\s+date|please|recently|"
    r"lately|in\s+total|overall|altogether|in\s+full|in\s+public|publicly|at\s+all|exactly|thanks|thank\s+you|"
    r"(?:are|is)\s+there|there\s+are|on\s+file|do\s+(?:we|you)\s+have)$",
    re.IGNORECASE,
)

# Parts of the forms. `{}` of a form is a place of the question:
#   {X} a speaker   {XS} two speakers or more   {Y} a topic   {T} a topic without a preposition, or quoted words
#   {R} words that hold speaker and topic: see WORDS_OF

_ADVERBS = (
    r"(?:(?:ever|actually|really|publicly|recently|lately|just|exactly|also|already|previously|once|specifically|"
    r"explicitly|directly|openly|always|often|still)\s+)*"
)
_REGULAR = (
    "comment mention state argue remark declare warn respond react discuss address announce admit deny claim promise "
    "insist explain suggest reveal demand propose confirm predict acknowledge concede describe complain pledge vow "
    "note report answer reply recall stress testify maintain believe express tweet post refuse apologise apologize"
)
_ATTITUDES = (
    "criticise criticize condemn denounce attack blame oppose reject slam question doubt dispute contradict challenge "
    "support back defend praise welcome endorse favour favor approve applaud celebrate protest object worry fear care "
    "accuse mock"
)


def _inflected(verbs: str) -> str:
    """Return a pattern for the forms of regular verbs."""
    forms: set[str] = set()
    for verb in verbs.split():
        stem = verb[:-1] if verb.endswith(("e", "y")) else verb
        past = f"{stem}ied" if verb.endswith("y") and verb != "deny" else f"{stem}ed"
        forms |= {verb, f"{verb}s", past, f"{verb.removesuffix('e')}ing", f"{verb}es"}
    forms |= {
        "deny",
        "denies",
        "denied",
        "denying",
        "replies",
        "replied",
        "admitted",
        "admitting",
        "worries",
        "worried",
    }
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


_IRREGULAR = (
    "say says said saying tell tells told telling think thinks thought thinking speak speaks spoke spoken speaking "
    "talk talks talked talking write writes wrote written writing feel feels felt"
)
_SAY = rf"(?:{'|'.join(sorted(_IRREGULAR.split(), key=len, reverse=True))}|{_inflected(_REGULAR)})"
_ATTITUDE = rf"(?:{_inflected(_ATTITUDES)})"
# The verb of the question. In "what did Wilma Tell say" the verb is "say".
_SAYS = rf"(?:have\s+to\s+say|{_SAY})(?!\s+{_SAY}\b)"
# Whom a speaker addresses: "tell reporters", "speak to parliament".
_HEARERS = (
    r"(?:\s+(?:to\s+|with\s+)?(?:the\s+)?(?:reporters|journalists|parliament|congress|voters|the\s+press|press|"
    r"media|crowds?|mps|lawmakers|senators|us|them|everyone|supporters|fans|viewers|listeners|readers|residents|"
    r"islanders|meeting|committee|court|conference)(?=\s+(?:about|on|regarding|concerning|over|that|of)\b|$))?"
)
_ON = (
    r"(?:about|on\s+the\s+(?:subject|topic|question|issue|matter)\s+of|when\s+(?:it\s+comes\s+to|asked\s+about)|on|"
    r"regarding|concerning|re|over|with\s+regard\s+to|in\s+regard\s+to|as\s+to|in\s+response\s+to|towards?|against)"
)
_ABOUT = rf"(?:{_ON}|of|to)"
_QUOTE = (
    r"(?:direct\s+|public\s+|published\s+|printed\s+)?"
    r"(?:quotes?|quotations?|words|statements?|remarks?|comments?|utterances?|sayings?)"
)
_VIEW = (
    r"(?:views?|opinions?|position|positions|stance|thoughts?|line|reactions?|response|responses|attitude|take|"
    r"thinking|tone|mind|tune|story|argument|arguments|message|policy|promises?)"
)
_QUOTES = rf"(?:{_QUOTE}|{_VIEW})"
_OWNER = r"(?:'s|’s|(?<=s)'|(?<=s)’)"
_LIST = (
    r"(?:(?:show|give|find|list|get|display|print|fetch|search|look)(?:\s+(?:me|us|for|up))?\s+)?"
    r"(?:(?:all|any|some|the|of|direct|every|each)\s+)*"
)
_DO = r"(?:did|does|do|has|have|had)"
_THING = r"(?:(?:any|some|every)thing|a\s+word|much|something\s+else|anything\s+else)"
_PEOPLE = r"(?:people|persons?|speakers?|politicians?|voices?|sources?|names?|figures?|individuals?)"
_OUTLETS = (
    r"(?:outlets?|news\s?papers?|papers?|sites?|websites?|media|publications?|broadcasters?|news\s+outlets?|"
    r"news\s+sites?|publishers?|magazines?|articles?|stories)"
)
_CARRY = (
    r"(?:carr(?:y|ies|ied)|print(?:s|ed)?|publish(?:es|ed)?|report(?:s|ed)?|quote[sd]?|ran|runs?|use[sd]?|cover(?:s|ed)?|"
    r"broadcasts?|picked\s+up|pick\s+up|feature[sd]?|repeat(?:s|ed)?|have|had|cite[sd]?)"
)
_LATEST = r"(?:latest|newest|most\s+recent|last|recent|freshest)"
_FIRST = r"(?:first|earliest|oldest)"
_SAME = (
    r"(?:something\s+|anything\s+|things?\s+)?(?:very\s+)?(?:similar|the\s+same|alike|much\s+the\s+same|like\s+that)"
)

_PLACES = {
    "X": r"(?P<speaker>.+?)",
    "XS": r"(?P<speakers>.+?\s*(?:,|\band\b|\bwith\b|\bto\b|\bagainst\b|\bvs\b\.?|\bversus\b|\bor\b|&)\s*.+?)",
    "Y": r"(?P<about>.+)",
    "T": r"(?P<after>.+)",
    "R": r"(?P<rest>.+)",
    "Q": rf"(?P<after>{QUOTED})",
    "QUOTED": QUOTED,
    "ADV": _ADVERBS,
    "SAY": _SAY,
    "SAYS": _SAYS,
    "HEARERS": _HEARERS,
    "ATTITUDE": _ATTITUDE,
    "ON": _ON,
    "ABOUT": _ABOUT,
    "QUOTE": _QUOTE,
    "VIEW": _VIEW,
    "QUOTES": _QUOTES,
    "OWN": _OWNER,
    "LIST": _LIST,
    "DO": _DO,
    "THING": _THING,
    "PEOPLE": _PEOPLE,
    "OUTLETS": _OUTLETS,
    "CARRY": _CARRY,
    "LATEST": _LATEST,
    "FIRST": _FIRST,
    "SAME": _SAME,
    "WHO_HAS": r"who(?:\s+(?:else|all|has|have|had|was\s+it\s+that|is\s+it\s+that|first))*",
}


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of a form: a space stands for white space, " ?" for none as well, `{X}` for its pattern."""
    spaced = form.replace(" ?", r"\s*").replace(" ", r"\s+")
    filled = re.sub(r"\{([A-Z_]+)\}", lambda place: _PLACES[place[1]], spaced)
    return re.compile(filled, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms in which one thing is asked, in the order in which they are tried.

    Compiling all forms takes half a second. So every question of these forms has the words of the `cue`, and a form is
    compiled when a question reaches it.
    """

    name: str
    cue: re.Pattern[str]
    forms: tuple[str, ...]

    def patterns(self) -> Iterator[re.Pattern[str]]:
        """Yield the pattern of each form."""
        return map(_pattern, self.forms)


def _forms(name: str, cue: str, *forms: str) -> Forms:
    return Forms(name, re.compile(cue, re.IGNORECASE), forms)


# Speaker and topic within "words of X about Y", "the X quote about Y", "what X said about Y".
WORDS_OF = _forms(
    "words_of",
    "",
    r"{LIST}{QUOTES}(?: (?:made|given|said))? (?:by|from|of|attributed to) {X}(?: {ABOUT} {Y})?",
    r"{LIST}{QUOTES} {ABOUT} {Y} (?:by|from) {X}",
    r"{LIST}{QUOTES} (?:that )?(?:mentions?|mentioning|with|containing) {Y}",
    r"{LIST}{QUOTES} (?:{ABOUT}|for) {Y}",
    r"{LIST}{QUOTES}(?: (?:are|is) there| there are| do (?:we|you) have| are on file| on file)?"
    r"(?: (?:by|from|of) {X})?(?: {ABOUT} {Y})?",
    r"{LIST}{QUOTES} (?:did|does|do|has|have) {X} (?:make|made|give|given|have|utter|issue|issued)(?: {ABOUT}"
    r" {Y})?",
    r"{LIST}{X}{OWN}(?: [\w-]+)? {QUOTES}(?: {ABOUT} {Y}| (?:are there|on file))?",
    r"{LIST}{X} {QUOTE}(?: (?:are|is) there)?(?: {ABOUT} {Y})?",
    r"(?:that |what |things? |of )?{X} (?:has |had |have )?{ADV}{SAY}{HEARERS}(?: (?:that )?{THING})?"
    r"(?: {ABOUT} {Y}| (?:that )?{T})?",
    r"(?:what (?:was|has been) said (?:by {X})?)(?: {ABOUT} {Y})?",
    r"(?:times )?{X} {ON} {Y}",
)

# What is asked, in the order in which it is tried: the first form that takes the whole question.
FORMS = (
    _forms(
        "follow_up",
        r"^(?:and|but|or|then|also|ok|okay|(?:what|how)\s+about)\b|^(?:when|why|another|next|go\s+on)$|"
        r"\b(?:he|she|they|it|that|his|her|their|its|more|else)\b",
        r"(?:and|but|then|also|ok|okay)(?:,)?(?: (?:what|how))? {ABOUT} {Y}",
        r"(?:what|how) about {T}",
        r"(?:and|but|or)(?: (?:what|how) about)?",
        r"(?:what|how) about",
        r"(?:and|but)(?: then)?(?: what)?,? (?:did|does|has|have) (?P<pronoun>he|she|they|it) {ADV}{SAYS}{HEARERS}(?:"
        r" {ABOUT} {Y})?",
        r"what (?:did|does|has|have|had) (?P<pronoun>he|she|they|it|that) (?:else )?{ADV}{SAYS}{HEARERS}"
        r"(?: else)?(?: {ABOUT} {Y}| (?:that )?{T})?",
        r"what else(?: (?:did|has|does) (?P<pronoun>he|she|they|it) {ADV}{SAYS})?(?: {ABOUT} {Y})?",
        r"(?:did|has|does|have) (?P<pronoun>he|she|they|it) {ADV}{SAYS}{HEARERS}(?: {THING})?(?: {ABOUT} {Y}| (?:that"
        r" )?{T})?",
        r"(?:what (?:is|was|are) )?(?P<pronoun>his|her|their|its) {QUOTES}(?: {ABOUT} {Y})?",
        r"(?:any|some)thing else(?: {ABOUT} {Y})?",
        r"(?:(?:and )?(?:more|who else|where else|when|why|anyone else|another|next|go on))",
        r"(?:tell me |show me )?more(?: {ABOUT} {Y})?",
        r"(?:and|but) (?:by|from|of) {X}",
        r"(?:and|but|or) {T}",
    ),
    _forms(
        "similar",
        r"\b(?:similar|same|alike|like|agree|side|concur|share|echo|repeat|related)",
        r"{WHO_HAS} {ADV}{SAY} {SAME}(?: things?)? (?:to|as|like)(?: what)? {X}(?: (?:said|says|did|does|has"
        r" said))?(?: {ABOUT} {Y})?",
        r"{WHO_HAS} {ADV}{SAY} (?:something |anything )?like {X} {ABOUT} {Y}",
        r"{WHO_HAS} (?:agrees?|agreed|sides?|sided|concurs?|concurred) with {X}(?: {ABOUT} {Y})?",
        r"{WHO_HAS} (?:shares?|shared|echoe?s|echoed|repeats?|repeated) {X}{OWN} {QUOTES}(?: {ABOUT} {Y})?",
        r"{WHO_HAS} (?:echoe?s|echoed) {X}(?: {ABOUT} {Y})?",
        r"(?:does|did|has) any(?:one|body)(?: else)? (?:agreed?|sided?) with {X}(?: {ABOUT} {Y})?",
        r"(?:does|did|has) any(?:one|body)(?: else)? {SAY} {SAME}(?: things?)? (?:to|as|like) {X}(?: {ABOUT} {Y})?",
        r"{LIST}{QUOTES} (?:that are )?(?:similar to|like)(?: (?:that|those) of)? {X}(?:{OWN}(?: {QUOTES})?)?(?:"
        r" {ABOUT} {Y})?",
        r"{LIST}(?:similar|related|like) {QUOTES} (?:to|as|of) {X}(?:{OWN}(?: {QUOTES})?)?(?: {ABOUT} {Y})?",
        r"{WHO_HAS} {ADV}{SAY} {SAME}(?: {ABOUT} {Y})?",
        r"who (?:thinks|thought) like {X}(?: {ABOUT} {Y})?",
        r"who (?:is|are|was) of the same (?:opinion|view|mind) as {X}(?: {ABOUT} {Y})?",
    ),
    _forms(
        "compare",
        r"\b(?:compar|contrast|differ|agree|disagree|against|versus|vs)",
        r"(?:compare|contrast|comparison of|comparing|a comparison of)(?: (?:what|how))? {XS}(?: (?:said|say|have"
        r" said|spoke|differ))?(?: {ABOUT} {Y})?",
        r"(?:what (?:is|are|was) )?(?:the )?differences? between(?: what)? {XS}(?: (?:said|say))?(?: {ABOUT} {Y})?",
        r"(?:how|where|on what) (?:do|did|does|have) {XS}"
        r" (?:differ|differed|disagree|disagreed|agree|agreed|compare|compared)(?: {ABOUT} {Y})?",
        r"(?:do|did|does|have) {XS} (?:ever )?(?:agree|agreed|disagree|disagreed|differ|differed)(?: {ABOUT} {Y})?",
        r"{X}{OWN} {VIEW} (?:compared (?:to|with)|against|versus|vs\.?) (?P<other>.+?)(?:{OWN}(?: {VIEW})?)?(?:"
        r" {ABOUT} {Y})?",
        r"(?P<speakers>.+? (?:vs\.?|versus|compared (?:to|with)) .+?)(?:{OWN}(?: {VIEW})?)?(?: {ABOUT} {Y})?",
    ),
    _forms(
        "changes",
        r"\b(?:chang|shift|different|new|evol|develop|mov|alter|revers|switch|soften|harden|over\s+t|through\s+time|flip|"
        r"u-?turn|back-?track|contradict)",
        r"(?:what|how|anything|has anything|what has)(?: has| have| is)?(?: been)?"
        r" (?:chang(?:ed?|ing)|shifted|different|new) (?:in|about|with|to) {X}{OWN} {QUOTES}(?: {ABOUT} {Y})?",
        r"(?:what|how|anything|what has)(?: has)? (?:changed|shifted|is different) (?:in|about) what {X}"
        r" (?:said|says|has said|thinks)(?: {ABOUT} {Y})?",
        r"(?:what|has anything)(?: has)? changed(?: (?:in|about|on) {Y})?",
        r"how (?:has|have|had|did|does) {X}{OWN} {QUOTES}(?: {ABOUT} {Y})?"
        r" (?:changed?|evolved?|develop(?:ed)?|shift(?:ed)?|moved?|altered|alter)(?: over time| over the years)?(?:"
        r" {ABOUT} (?P<after>.+))?",
        r"(?:has|have|had|did|does) {X}{OWN} {QUOTES}(?: {ABOUT} {Y})?"
        r" (?:changed?|evolved?|shift(?:ed)?|moved?|developed)(?: over time)?(?: {ABOUT} (?P<after>.+))?",
        r"(?:how |when )?(?:has|have|had|did|does) {X} (?:ever"
        r" )?(?:changed?|shift(?:ed)?|reversed?|altered|alter|switch(?:ed)?|softened|hardened)(?:"
        r" (?:his|her|their|its|the) {QUOTES})?(?: {ABOUT} {Y})?",
        r"(?:show me |list |the )*(?:changes?|shifts?|developments?|evolution) (?:in|of) {X}{OWN} {QUOTES}(?: {ABOUT}"
        r" {Y})?",
        r"(?:show me |list |the )*(?:changes?|shifts?|evolution) (?:in|of) what {X} (?:said|says|has said)(?: {ABOUT}"
        r" {Y})?",
        r"{X}{OWN} {QUOTES}(?: {ABOUT} {Y})? (?:over time|over the years|through time|over the months)",
        r"(?:what (?:did|has|does) )?{X}(?: say| said| says)?(?: {ABOUT} {Y})? (?:over time|over the years|through"
        r" time)",
        r"(?:how )?(?:has|have|did) {X} (?:flip-?flopped|u-?turned|back-?tracked|back-?track|contradicted"
        r" (?:him|her|it)self)(?: {ABOUT} {Y})?",
        r"how (?:has|have|did) {X} (?:move|moved|evolve|evolved|develop|developed)(?: {ABOUT} {Y})?",
    ),
    _forms(
        "outlets_of",
        r"outlet|news|paper|site|media|publication|broadcaster|publisher|magazine|article|story|stories|source|where|who|"
        r"which",
        r"(?:how many|which|what|in (?:how many|which|what)|list (?:the |all )*) ?{OUTLETS}(?: (?:that|which))?(?:"
        r" (?:has|had|did|also|was|were|have(?! {QUOTES})))*(?: (?:the )?first(?: to)?)? {CARRY}(?: on)? {R}",
        r"(?:in )?(?:how many|which|what) {OUTLETS} (?:was|were|is|are|did|has|have) {R}"
        r" (?:{CARRY}|appear(?:ed)?|quoted|been (?:{CARRY}))(?: in)?",
        r"(?:in )?(?:how many|which|what) {OUTLETS} (?:was|were|is|are) {X} quoted(?: (?:as saying )?{ABOUT} {Y})?",
        r"(?:who|which outlet|which paper)(?: (?:was|were|is|has|have|else))*(?: the)?(?: first)?(?: to)?"
        r" (?:carr(?:y|ied)|print(?:ed)?|publish(?:ed)?|report(?:ed)?|broke|break|ran|run|cover(?:ed)?) {R}",
        r"where (?:was|were|is|are|has|have|did) (?:the )?{R} (?:first )?(?:been"
        r" )?(?:printed|published|reported|carried|run|appear(?:ed)?|covered|come from|quoted)",
        r"where (?:was|were|is|are) {X} (?:first )?quoted(?: {ABOUT} {Y})?",
        r"(?:show me |list |give me |the |all )*(?:{OUTLETS}|sources) (?:of|for|that"
        r" (?:{CARRY})|carrying|with|printing|reporting|quoting) {R}",
        r"where did {X} {SAYS}(?: (?:that )?{T})",
    ),
    _forms(
        "count",
        r"^(?:how\s+(?:often|many|frequently|much)|(?:the\s+)?number\s+of|count)\b",
        r"(?:how often|how many times|how frequently) (?:did|does|do|has|have|had) {X} {ADV}(?:{SAYS}|use the"
        r" words?|call|{ATTITUDE}){HEARERS}(?: {THING})?(?: {ON} {Y}| (?:that )?{T})?",
        r"(?:how often|how many times|how frequently) (?:is|was|were|are|has|have)(?: been)? {X}(?: been)?"
        r" (?:quoted|cited)(?: (?:as )?(?:saying )?(?:{ABOUT} {Y}|{T}))?",
        r"(?:how often|how many times|how frequently) (?:is|was|were|are|has|have) {Y} (?:been"
        r" )?(?:mentioned|said|discussed|talked about|brought up|come up|raised)(?: by {X})?",
        r"(?:how many|the number of|number of|count(?: of)?(?: the| all)?|how much of) {R}",
        r"how much (?:did|does|has|have) {X} {ADV}{SAYS}(?: {ABOUT} {Y})?",
    ),
    _forms(
        "most_quoted",
        r"\b(?:most|top|dominate)",
        r"(?:who|which {PEOPLE})(?: (?:is|are|was|were|gets|got|has been|have been|do|does))*(?: the)?(?: people)?"
        r" (?:most (?:often |frequently |widely )?(?:quoted|cited)|(?:quoted|cited)(?: the)? most(?: often|"
        r" frequently| widely)?)(?: {PEOPLE})?(?: {ABOUT} {Y})?",
        r"(?:show me |list |give me |find |what are |who are |rank |the )*(?:top|most (?:often |frequently |widely"
        r" )?(?:quoted|cited))(?: (?:\d+|five|ten|twenty|three))?(?: (?:most )?(?:quoted|cited))?(?: {PEOPLE})?(?:"
        r" {ABOUT} {Y})?",
        r"(?:who|which {PEOPLE}) (?:has |have )?(?:speaks?|spoken?|talks?|talked|says?|said|comments?|commented)"
        r" (?:the )?(?:most|most often)(?: {ABOUT} {Y})?",
        r"(?:whose words|whose quotes|who) (?:is|are|were|was|do|does) (?:we )?(?:quoted?|printed|cited|carried)(?:"
        r" the)? most(?: often| widely)?(?: {ABOUT} {Y})?",
        r"who (?:has|have|had) the most {QUOTES}(?: {ABOUT} {Y})?",
        r"{PEOPLE} (?:quoted|cited)(?: the)? most(?: often)?(?: {ABOUT} {Y})?",
        r"who dominates?(?: {Y})?",
    ),
    _forms(
        "longest",
        r"\blongest\b",
        r"(?:what (?:is|was|were|are) |which (?:is|was) )?{LIST}longest {R}",
        r"(?:what (?:is|was) )?{X}{OWN} longest {QUOTES}(?: {ABOUT} {Y})?",
        r"who (?:has|had|gave|said|made) the longest {R}",
    ),
    _forms(
        "newest",
        r"\b(?:latest|newest|new|most\s+recent|recent|last|freshest)",
        r"(?:what (?:is|was|were|are)(?: the)? )?{LIST}{LATEST} (?P<rest>(?:{QUOTES}|things?|words?)\b.*)",
        r"(?:what (?:is|was|were|are) )?{X}{OWN} {LATEST} {QUOTES}(?: {ABOUT} {Y})?",
        r"(?:what (?:is|was|were|are) )?{LIST}{LATEST} (?P<rest>\S.* {QUOTE}\b.*)",
        r"(?:what|when) (?:did|has|was) {X} (?:last|most recently) (?:{SAYS}|quoted){HEARERS}(?: {THING})?(?: {ABOUT}"
        r" {Y}| (?:that )?{T})?",
        r"what (?:did|has) {X} {SAYS}(?: {ABOUT} {Y})? (?:last|most recently|latest)",
        r"(?:when|what) was the last time(?: that)? {X} {ADV}{SAY}(?: {THING})?(?: {ABOUT} {Y}| (?:that )?{T})?",
        r"what(?:'s|’s| is) (?:new|the latest)(?: (?:from|by) {X})?(?: {ABOUT} {Y})?",
        r"(?:the )?latest(?: (?:from|by) {X})?(?: {ABOUT} {Y})?",
        r"when was {X} last quoted(?: {ABOUT} {Y})?",
        r"who (?:spoke|talked|commented|said something) (?:last|most recently)(?: {ABOUT} {Y})?",
        r"who was (?:the )?last (?:person )?to {SAY}(?: {ABOUT} {Y}| (?:that )?{T})?",
    ),
    _forms(
        "oldest",
        r"\b(?:first|earliest|oldest|originally|since\s+when)\b",
        r"(?:what (?:is|was|were|are)(?: the)? )?{LIST}{FIRST} (?P<rest>(?:{QUOTES}|things?|words?)\b.*)",
        r"(?:what (?:is|was|were|are) )?{X}{OWN} {FIRST} {QUOTES}(?: {ABOUT} {Y})?",
        r"(?:what (?:is|was|were|are) )?{LIST}{FIRST} (?P<rest>\S.* {QUOTE}\b.*)",
        r"(?:what|when) (?:did|has|was) {X} first (?:{SAYS}|quoted){HEARERS}(?: {THING})?(?: {ABOUT} {Y}| (?:that"
        r" )?{T})?",
        r"what (?:did|has) {X} {SAYS}(?: {ABOUT} {Y})? (?:first|at first|originally)",
        r"(?:when|what) was the first time(?: that)? {X} {ADV}{SAY}(?: {THING})?(?: {ABOUT} {Y}| (?:that )?{T})?",
        r"when was {X} first quoted(?: {ABOUT} {Y})?",
        r"when was {Y} first (?:mentioned|discussed|raised)",
        r"who was (?:the )?first (?:person )?to (?:{SAY}|{ATTITUDE}|raise|bring up)(?: {ON} {Y}| (?:that )?{T})?",
        r"since when (?:has|have|did) {X} (?:been )?{SAY}(?: {ABOUT} {Y}| (?:that )?{T})?",
    ),
    _forms(
        "who_about",
        r"\b(?:who|which|critics|supporters|opponents|defenders|speakers|people|voices)\b",
        r"(?:{WHO_HAS}|which \w+|everyone who|people who|those who|all who|{LIST}{PEOPLE} who)(?: has| have| had)?"
        r" {ADV}(?!{SAY} (?:that|{QUOTED}))(?:{SAYS}){HEARERS}(?: {THING}| out| up)*(?: in"
        r" (?:favou?r|support|defen[cs]e) of| positively| negatively)? {ABOUT} {Y}",
        r"(?:{WHO_HAS}|which \w+|everyone who|people who|those who|{LIST}{PEOPLE} who)(?: has| have| had| is| are|"
        r" was| were)? {ADV}(?:been"
        r" )?(?:mention(?:s|ed|ing)?|discuss(?:es|ed|ing)?|address(?:es|ed)?|{ATTITUDE}|raised?|brought up)(?:"
        r" (?:to|of|about|against|on|over))? {Y}",
        r"(?:{WHO_HAS}|which \w+) (?:is|are|was|were|has been|been)"
        r" (?:quoted|cited|critical|sceptical|skeptical|worried|concerned|happy|unhappy|angry|positive|negative|in"
        r" favou?r|for|against|opposed|supportive)(?: (?:about|on|of|over|to|with|regarding))? {Y}",
        r"who (?:wants|wanted|likes?|liked|dislikes?|hates?|hated|loves?|called for|calls for|argue[sd] for|argue[sd]"
        r" against|campaigns? (?:for|against)|votes? (?:for|against)|voted (?:for|against)) {Y}",
        r"(?:{LIST})(?:critics|supporters|opponents|defenders|speakers|people(?: quoted)?|voices) (?:of|on|about) {Y}",
        r"who (?:had|has|have) (?:{THING}|something) to say {ABOUT} {Y}",
        r"who (?:has|have|had) {ADV}(?:an? )?{VIEW} {ABOUT} {Y}",
    ),
    _forms(
        "who_said",
        rf"\b(?:who|whom|which)\b|{QUOTED}",
        r"(?:{LIST})?(?:the )?(?:quote|quotation|words|phrase|saying|line)?[:,]? ?{Q}",
        r"{Q},? ?[-–—:?]? ?(?:who (?:said|says|wrote|uttered)(?: (?:that|it|this))?|said who|by whom)",
        r"(?:{WHO_HAS}) {ADV}(?:{SAY}|used|uses|coined|uttered|made)(?: the)?(?:"
        r" (?:words?|phrase|line|remark|expression|quote|quotation|claim))?{HEARERS}[:,]?(?: that)? {T}",
        r"(?:whose|who are|who's|whose words are|whose quote is|whose line is)(?:"
        r" (?:words|quote|quotation|line|phrase|remark)s?)?(?: (?:are|is|were|was))?(?: (?:this|these|it|that))?[:,]?"
        r" {Q}",
        r"(?:where (?:does|did|do|is)|who is behind|source of|origin of)(?: the)?(?:"
        r" (?:quote|quotation|words|phrase|line))? {Q}(?: (?:come|came) from| from)?",
        r"who (?:called|calls|described|describes|compared|likened|dubbed) (?P<about>.+?) (?:as |to )?{Q}",
        r"which \w+ (?:said|claimed|says|claims|wrote) (?:that )?{T}",
        r"(?:who|whom) (?:called|described|likened|compared|dubbed) {T}",
    ),
    _forms(
        "ever_said",
        r"^(?:is|are|was|were|confirm|check|verify|whether|if|did|does|do|has|have|had)\b",
        r"(?:is|was) it (?:really )?(?:true|correct|right|a fact|so|the case) (?:that )?{X} (?:has |had |have"
        r" )?{ADV}(?:{SAY}|called?|{ATTITUDE}){HEARERS}(?: {THING})?(?: {ABOUT} {Y}| (?:that )?{T})?",
        r"(?:confirm|check|verify|whether|if)(?: that| whether| if)? {X} (?:has |had )?{ADV}{SAY}(?: {ABOUT} {Y}|"
        r" (?:that )?{T})?",
        r"(?:was|is) it {X} who {ADV}{SAY}(?: {ABOUT} {Y}| (?:that )?{T})",
        r"(?:was|is) {X} the (?:one|person|first|man|woman) (?:who|to) {ADV}{SAY}(?: {ABOUT} {Y}| (?:that )?{T})",
        r"(?:has|have|was|is|were) {X} (?:ever )?(?:been )?(?:quoted|cited|on record|on the record)(?: (?:as"
        r" )?(?:saying )?(?:{ABOUT} {Y}|(?:that )?{T}))?",
        r"(?:is|are|was|were) there (?:a|an|any|some) {QUOTES} (?:by|from|of) {X}(?: {ABOUT} {Y}| (?:that )?{T})?",
        r"(?:is|are|was|were) there (?:a|an|any|some|anything)(?: {QUOTES})?(?: {ABOUT} {Y})?",
        r"{DO} {X} {ADV}(?:{SAYS}|use the words?|call|called|{ATTITUDE}){HEARERS}(?: {THING})?(?: (?:{ON}|of|to) {Y}|"
        r" (?:that )?{T})?",
        r"{DO} (?:we|you) have (?:a|any|some|anything|{QUOTES})(?: {QUOTES})?(?: (?:by|from|of) {X})?(?: {ABOUT} {Y})?",
    ),
    _forms(
        "statements",
        "",
        r"what (?:was|is|has been|were|had been) (?:{SAY})(?: by {X})? {ABOUT} {Y}",
        r"what (?:was|is|has been|were) (?:{SAY}) by {X}",
        r"what (?:was|is|has been|were) (?:{SAY})",
        r"(?:what|when|how) (?:did|does|do|has|have|had|is|was|were|are|would|will) {X}"
        r" (?:have )?(?:to )?{ADV}{SAYS}{HEARERS}"
        r"(?: {THING})?(?: {ADV}(?:{ON}|of|to) {Y}| (?:that )?{T})?",
        r"what (?:is|was|are|were) {X}{OWN} {QUOTES}(?: {ABOUT} {Y})?",
        r"what (?:is|was|are|were) the {QUOTES} of {X}(?: {ABOUT} {Y})?",
        r"where (?:does|did|do) {X} stand(?: {ABOUT} {Y})?",
        r"what (?:does|did) {X} (?:make of|want for|want from|want) {Y}",
        r"(?:what (?:were|was|are) )?(?:the words|the quote) of {X}(?: {ABOUT} {Y})?",
        r"(?:what )?(?:everyone|everybody|anyone|anybody|people) (?:has |have )?{SAY} {ABOUT} {Y}",
        r"(?:{LIST})(?:what|everything|all|anything|things?|statements?|the things)(?: that| of what)? {X}"
        r" (?:has |had |have |ever |once )*{ADV}{SAYS}{HEARERS}"
        r"(?: {ABOUT} {Y}| (?:that )?{T})?",
        r"{LIST}(?:everything|all|anything) (?:by|from|of) {X}(?: {ABOUT} {Y})?",
        r"{LIST}(?:everything|all|anything)(?: said)? {ABOUT} {Y}",
        r"{LIST}{QUOTES} (?:made |given |said )?(?:by|from|of) {X}(?: {ABOUT} {Y})?",
        r"{LIST}{QUOTES} {ABOUT} {Y} (?:by|from) {X}",
        r"{LIST}{QUOTES} (?:that )?(?:mention|mentioning|containing|with the words?) {Y}",
        r"{LIST}{QUOTES} (?:{ABOUT}|for) {Y}",
        r"{LIST}{X}{OWN} {QUOTES}(?: {ABOUT} {Y})?",
        r"{LIST}{X} {QUOTE}(?: {ABOUT} {Y})?",
        r"(?:according to|in the words of|per) {X}(?:,? {ABOUT} {Y})?",
        r"{X} (?:has |had )?(?:said|says|speaking|talking|commenting|commented|spoke|tells?|told){HEARERS} {ABOUT} {Y}",
        r"{X} (?:said|says|saying|quoted)",
        rf"{{X}}(?: {{ABOUT}})?,?:? (?P<after>{QUOTED})",
    ),
)
LOOSE_FORM = _pattern(r"{X}\s*(?: {ON}|:) {Y}")  # for a known speaker
TOPIC_ONLY = _pattern(r"(?:{LIST})?(?:{ON}) {Y}")
PARTS_OF_SPEAKERS = re.compile(
    r"\s*,\s*(?:and\s+)?|\s+(?:and|with|to|against|vs\.?|versus|or|compared\s+(?:to|with)|&)\s+", re.IGNORECASE
)
AND_ONLY = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|or)\s+", re.IGNORECASE)
BOTH = re.compile(r"^(?:both|what|how|either)\s+|(?:\s+(?:both|each|together|think|say|said|speak|have\s+said))$", re.I)

# A question or a task that is of no form: it is said so, and searched as a topic.
BEYOND = re.compile(
    r"(?:why|how|what|when|where|who|whom|whose|which|is|are|was|were|will|would|should|could|can|do|does|did|has|have|"
    r"had|may|might|must|summari[sz]e|explain|describe|analy[sz]e|write|translate|tell|predict|argue|calculate|draw|plot|"
    r"make|create|draft|rewrite|evaluate|assess|discuss|outline|fact-?check|interpret|define|recommend|rank)\b",
    re.IGNORECASE,
)

# A topic that is a sentence: somebody said that it is so, or did not.
CLAUSE = re.compile(
    r"\b(?:is|are|was|were|will|would|has|have|had|can|could|should|must|might|may|do|does|did|won[’']t|isn[’']t|aren[’']t|"
    r"don[’']t|doesn[’']t|cannot|can[’']t)\s+\w",
    re.IGNORECASE,
)

NO_ONE = frozenset(
    {"anybody", "anyone", "people", "everybody", "everyone", "somebody", "someone", "others", "one", "we", "you", "all"}
)
PRONOUNS = frozenset({"he", "she", "they", "it", "him", "her", "them", "that", "this person", "that person"})

OWNER_AT_END = re.compile(rf"{_OWNER}$")
# What no name of a speaker begins with: "the most", "it true that Venn".
NO_NAME = re.compile(
    r"(?:(?:the\s+)?(?:most|least|first|last|latest|newest|oldest|longest|best|worst)|it|there|that|this|these|those|what|"
    r"who|why|how|when|where|which|whose|everything|anything|something|nothing|about|on|is|are|was|were|in|of|to|if|"
    r"whether|and|or|but|a|an|any|all|some|every|each|no|not|quotes?|quotations?|statements?|words)\b",
    re.IGNORECASE,
)
BARE_QUOTES = _pattern(r"^{LIST}(?:{QUOTE})(?: |$)")  # "quotations" in "how many quotations"
# At the head of a question that is not understood, before its topic.
BEFORE_TOPIC = re.compile(
    r"^(?:summari[sz]e|explain|describe|discuss|outline|analy[sz]e|define|assess)\s+(?:the\s+(?:debate|discussion|row|"
    r"story|dispute|argument|news|arguments)\s+(?:about|on|over|around)\s+)?",
    re.IGNORECASE,
)

# Outlet

_CARRIED = (
    r"(?:carried\s+(?:by|in)|published\s+(?:by|in)|reported\s+(?:by|in)|printed\s+(?:by|in)|according\s+to|in|via|to|"
    r"from|by|of|on|at)"
)
BEFORE_OUTLET = re.compile(rf"\b{_CARRIED}\s+(?=\S)", re.IGNORECASE)

# Days

_MONTH = rf"(?:{MONTH_NAME}|{MONTH_ABBREVIATION})\b\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d{2}"
COUNTS = {word: number for word, number in NUMBERS.items() if 1 <= number <= 10} | {"couple of": 2, "few": 3}
_COUNT_WORDS = "|".join(COUNTS).replace(" ", r"\s+")
_COUNT = rf"(?:\d{{1,3}}|{_COUNT_WORDS})"
_AGO = rf"{_COUNT}\s+(?:day|week|month|year)s?\s+ago"
_DAYS = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{4}}-\d{{2}}|(?:the\s+)?{_NTH}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}|"
    rf"{_MONTH}\s+{_NTH},?\s+{_YEAR}|{_MONTH},?\s+{_YEAR}|{_YEAR}s?|{_NTH}\s+{_MONTH}|{_MONTH}\s+{_NTH}|{_AGO}|"
    rf"(?:last\s+|this\s+)?(?:{_MONTH}|{WEEKDAY_NAME})|(?:last|this)\s+(?:week|month|year)|"
    r"yesterday|today)"
)
BETWEEN = re.compile(rf"\b(?:between|from)\s+({_DAYS})\s+(?:and|to|until|till|through)\s+({_DAYS})(?!\w)", re.I)
PAST = re.compile(
    rf"\b(?:in|over|during|within|for)?\s*(?:the\s+)?(?:last|past)\s+(?P<count>{_COUNT}\s+)?"
    r"(?P<unit>day|week|month|year)s\b",
    re.I,
)
WHEN = re.compile(
    rf"\b(?P<how>ever\s+since|since|from|after|until|till|up\s+to|by|before|in|during|on)\s+(?P<days>{_DAYS})(?!\w)",
    re.I,
)
BARE_WHEN = re.compile(
    rf"\b(?P<days>yesterday|today|(?:last|this)\s+(?:week|month|year|{_MONTH}|{WEEKDAY_NAME}))(?!\w)", re.I
)

# A month that may be the first word of a name, what may follow it there, and the prepositions before a speaker.
ONLY_MONTH = re.compile(_MONTH, re.I)
SURNAME = re.compile(rf"(?!(?:{MONTH_NAME}|{WEEKDAY_NAME})\b)[A-Z][\w'’-]")
BEFORE_SPEAKER = frozenset({"by", "from"})
# A month without a year, or with the day alone.
DAY_WITHOUT_YEAR = re.compile(
    rf"^(?!.*\b{_YEAR}\b).*\b(?:in|on|since|until|before|after|from|by|during|last)\s+(?:{_NTH}\s+)?{_MONTH}", re.I
)

TODAY, YESTERDAY = "today", "yesterday"
AGO = re.compile(rf"({_COUNT})\s+(day|week|month|year)s?\s+ago")
THIS_OR_LAST_UNIT = re.compile(r"(?P<which>last|this) (?P<unit>week|month|year)")
LAST = "last"
LAST_OR_THIS = re.compile(r"^(?:last )?(?:this )?")
# Beside a date: ordinals, a decade's "s", and words that name no month.
NO_MONTH_NAME = re.compile(r"\d+(?:st|nd|rd|th|s)?|\b(?:the|of|last|this)\b")

# The prepositions before days, by the end of the window that they set. Any other one sets both ends.
FROM_FIRST_DAY = frozenset({"since", "ever since", "from"})
FROM_DAY_AFTER = frozenset({"after"})
TO_LAST_DAY = frozenset({"until", "till", "up to", "by"})
TO_DAY_BEFORE = frozenset({"before"})
