"""Patterns that tell the name or noun phrase in the printed words of a speaker from the sentence around it."""

import re

from quotetrack.lang.en.calendar import MONTH_NAME, WEEKDAY_NAME

# The time or manner of speaking behind a name: "Harbour Post on Thursday", "the army in a statement".
CIRCUMSTANCE = re.compile(
    rf",? (?:(?:on|late|early|last|this|next) )+(?:{WEEKDAY_NAME})\b.*|,? (?:in|since|last) (?:{MONTH_NAME})\b.*"
    r"|,? in (?:a|an|his|her|their|its) (?:\w+ )?"
    r"(?:blog|email|interview|letter|message|note|post|report|speech|statement|tweet|video)\b.*",
    re.DOTALL,
)
# A finite verb behind a noun phrase makes a clause.
CLAUSE = re.compile(
    r"(?P<noun>[^,;:]+?),? (?:then |also |now |later |still |\w+ly )?(?:am|are|is|was|were|has|have|had|will|would"
    r"|could|should|can|must|did|does|said|says|told|tells|added|adds|wrote|writes|replied|replies|asked|asks|reads|read"
    r"|went|came|goes|comes|runs|ran|became|seems|seemed)\b"
)
RELATIVE = re.compile(r"\b(?:who|whom|whose|which|that|where|when)\b")
# What a mention ends in where a clause about it follows: "two of the parents, who".
CUT_CLAUSE = re.compile(
    r",?\s+(?:(?:who|whom|whose|which)(?: (?:have|has|had|are|is|was|were|will|would))?|(?:where|when)(?: \S+){0,4})$"
)
# The words of somebody: "Ann Lee’s words", "her short verdict".
OWN_WORDS = re.compile(
    r"(?P<owner>(?i:his|her)|[A-Z].*?[’']s?) (?:\w+ )?"
    r"(?:advice|answer|comment|comments|conclusion|explanation|message|motto|plea|promise|reaction|remark|remarks"
    r"|reply|response|slogan|statement|verdict|view|warning|words)"
)
HE_OR_SHE = re.compile(r"(?P<owner>he|she)", re.IGNORECASE)
GENDER_OF_OWNER = {"his": "m", "her": "f", "he": "m", "she": "f"}
# Names nobody by itself.
NOBODY = re.compile(r"(?:it|that|this|there|here|what|these|those|which|one|the|a|an)\b", re.IGNORECASE)
# A line that tells the reader to do something: "Get Glutathione".
COMMAND = re.compile(r"(?:Buy|Click|Discover|Download|Get|Join|Learn|Read|See|Subscribe|Try|Watch) [A-Z]")
