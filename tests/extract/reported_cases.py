"""Invented sentences with reported statements: the words reported, and the mention of who says so.

Each is a kind of its own; `None` stands for "no statement at all".
"""

from __future__ import annotations

from typing import NamedTuple


class Reported(NamedTuple):
    """A sentence, what it reports, and the mention of the source."""

    text: str
    content: str
    source: str


CLAUSES = [
    Reported(
        "Lena Orr said the bridge would reopen in the spring.", "the bridge would reopen in the spring", "Lena Orr"
    ),
    Reported(
        "The mayor said that the harbour would be closed to ferries on Sunday.",
        "that the harbour would be closed to ferries on Sunday",
        "The mayor",
    ),
    Reported(
        "Police said on Tuesday that two men had been arrested near the station.",
        "that two men had been arrested near the station",
        "Police",
    ),
    Reported(
        "She told reporters that the council had no money left for the school.",
        "that the council had no money left for the school",
        "She",
    ),
    Reported(
        "Mr. Vale argued that the tax would hurt small shops in the north.",
        "that the tax would hurt small shops in the north",
        "Mr. Vale",
    ),
    Reported(
        "The company announced it would close its plant in Torbay next year.",
        "it would close its plant in Torbay next year",
        "The company",
    ),
    Reported(
        "Dr. Pell warned that the river could flood again before winter.",
        "that the river could flood again before winter",
        "Dr. Pell",
    ),
    Reported("He denied that he had ever met the contractor.", "that he had ever met the contractor", "He"),
    Reported(
        "The minister promised that pensions would not be cut this year.",
        "that pensions would not be cut this year",
        "The minister",
    ),
    Reported(
        "A spokeswoman confirmed that the talks had broken down on Friday.",
        "that the talks had broken down on Friday",
        "A spokeswoman",
    ),
    Reported(
        "The union claims the new shifts are too long for older drivers.",
        "the new shifts are too long for older drivers",
        "The union",
    ),
    Reported(
        "Officials acknowledged that the records had been lost in the move.",
        "that the records had been lost in the move",
        "Officials",
    ),
    Reported(
        "Ms. Dahl added that the board would meet again in April.",
        "that the board would meet again in April",
        "Ms. Dahl",
    ),
    Reported(
        "The report found that one bus in five was late last year.",
        "that one bus in five was late last year",
        "The report",
    ),
    Reported(
        "Rowan Brisk insisted the vote had been fair and open to all.",
        "the vote had been fair and open to all",
        "Rowan Brisk",
    ),
    Reported(
        "The governor noted that the state had added ten thousand jobs.",
        "that the state had added ten thousand jobs",
        "The governor",
    ),
    Reported(
        "Critics say the plan would leave half of the island without water.",
        "the plan would leave half of the island without water",
        "Critics",
    ),
    Reported(
        "He wrote in a letter that the museum should stay where it is.", "that the museum should stay where it is", "He"
    ),
    Reported(
        "The senator predicted that the bill would fail in the House.",
        "that the bill would fail in the House",
        "The senator",
    ),
    Reported(
        "The poll showed that most voters opposed the new stadium.",
        "that most voters opposed the new stadium",
        "The poll",
    ),
    Reported(
        "She explained that the delay was caused by a strike at the port.",
        "that the delay was caused by a strike at the port",
        "She",
    ),
    Reported(
        "The lawyer suggested that his client had been misled by the bank.",
        "that his client had been misled by the bank",
        "The lawyer",
    ),
]
INVERTED = [
    Reported(
        "The bridge would reopen in the spring, Lena Orr said.", "The bridge would reopen in the spring", "Lena Orr"
    ),
    Reported(
        "The harbour will be closed to ferries on Sunday, the mayor said.",
        "The harbour will be closed to ferries on Sunday",
        "the mayor",
    ),
    Reported(
        "Two men were arrested near the station on Monday, police said.",
        "Two men were arrested near the station on Monday",
        "police",
    ),
    Reported(
        "The talks broke down on Friday, a spokeswoman for the ministry said.",
        "The talks broke down on Friday",
        "a spokeswoman for the ministry",
    ),
    Reported(
        "The plant in Torbay will close next year, the company announced.",
        "The plant in Torbay will close next year",
        "the company",
    ),
    Reported(
        "The council has no money left for the school, she added.",
        "The council has no money left for the school",
        "she",
    ),
    Reported("No one was hurt in the fire, according to the police.", "No one was hurt in the fire", "the police"),
    Reported(
        "The river has risen two feet since Monday, according to a report by the county.",
        "The river has risen two feet since Monday",
        "a report by the county",
    ),
    Reported(
        "According to the union, the new shifts are too long for older drivers.",
        "the new shifts are too long for older drivers",
        "the union",
    ),
    Reported(
        "According to Lena Orr, the bridge was never inspected after the storm.",
        "the bridge was never inspected after the storm",
        "Lena Orr",
    ),
    Reported(
        "According to court records, Vale owned three houses in the valley.",
        "Vale owned three houses in the valley",
        "court records",
    ),
]
INFINITIVES = [
    Reported(
        "The mayor promised to build a new library in the old harbour.",
        "to build a new library in the old harbour",
        "The mayor",
    ),
    Reported(
        "Mr. Brisk vowed to repeal the tax in his first week.", "to repeal the tax in his first week", "Mr. Brisk"
    ),
    Reported(
        "She urged residents to stay away from the river on Sunday.",
        "residents to stay away from the river on Sunday",
        "She",
    ),
    Reported(
        "The minister called for an inquiry into the collapse of the bank.",
        "an inquiry into the collapse of the bank",
        "The minister",
    ),
    Reported(
        "The governor threatened to veto the bill if it reached his desk.",
        "to veto the bill if it reached his desk",
        "The governor",
    ),
    Reported(
        "The company offered to pay for the damage to the pier.", "to pay for the damage to the pier", "The company"
    ),
    Reported("Ms. Dahl declined to say who had paid for the trip.", "to say who had paid for the trip", "Ms. Dahl"),
    Reported(
        "The senator asked the committee to release the records of the meeting.",
        "the committee to release the records of the meeting",
        "The senator",
    ),
]
OBJECTS = [
    Reported(
        "Vale accused the council of hiding the cost of the bridge.",
        "the council of hiding the cost of the bridge",
        "Vale",
    ),
    Reported(
        "The senator criticized the ministry for its slow response to the flood.",
        "the ministry for its slow response to the flood",
        "The senator",
    ),
    Reported("Mr. Orr described the new law as a gift to the banks.", "the new law as a gift to the banks", "Mr. Orr"),
    Reported(
        "The bishop condemned the attack on the village church.", "the attack on the village church", "The bishop"
    ),
    Reported(
        "The governor proposed a tax on empty houses along the coast.",
        "a tax on empty houses along the coast",
        "The governor",
    ),
    Reported(
        "The mayor defended her decision to close the market on Sundays.",
        "her decision to close the market on Sundays",
        "The mayor",
    ),
]
EMBEDDED = [
    Reported(
        "The ferry sank within minutes, said Tom Arden, who was on the pier.",
        "The ferry sank within minutes",
        "Tom Arden",
    ),
    Reported(
        "Asked about the bridge, Orr said the city would pay for the repairs.",
        "the city would pay for the repairs",
        "Orr",
    ),
    Reported(
        "The mayor left early, saying she had another meeting at the port.",
        "she had another meeting at the port",
        "The mayor",
    ),
    Reported("Brisk, who has said that he will not run again, opened the school.", "that he will not run again", "who"),
    Reported(
        "In a statement, the bank said it had found no sign of fraud.", "it had found no sign of fraud", "the bank"
    ),
    Reported(
        "The council voted against the plan, arguing that it cost too much.", "that it cost too much", "The council"
    ),
    Reported("Orr, the head of the board, said the school would open in May.", "the school would open in May", "Orr"),
    Reported(
        "Neither side would comment, but Dahl said talks would go on this week.", "talks would go on this week", "Dahl"
    ),
    Reported("Although he won, Vale said that the count had been a mess.", "that the count had been a mess", "Vale"),
]
MIXED = [
    Reported(
        "Orr said the law was “cruel” and would fail within a year.",
        "the law was “cruel” and would fail within a year",
        "Orr",
    ),
    Reported(
        "The mayor said the city had been “left alone” with the cost of the flood.",
        "the city had been “left alone” with the cost of the flood",
        "The mayor",
    ),
    Reported(
        "Ms. Dahl said that the board “never once” asked her about the money.",
        "that the board “never once” asked her about the money",
        "Ms. Dahl",
    ),
]
ATTITUDES = [
    Reported(
        "Orr believes that the bridge was never safe for trucks.", "that the bridge was never safe for trucks", "Orr"
    ),
    Reported("The mayor wants to close the market on Sundays.", "to close the market on Sundays", "The mayor"),
    Reported("Most voters think the stadium will cost too much.", "the stadium will cost too much", "Most voters"),
    Reported("She hopes that the school will open in May.", "that the school will open in May", "She"),
]
NOTHING = [
    "The ferry left the harbour at nine and reached the island before noon.",
    "Lena Orr walked to the station and bought a ticket for the evening train.",
    "Two men were seen near the bridge on Monday evening.",
    "The river rose two feet during the night and flooded the lower town.",
    "The company makes shoes and belts in a small plant near Torbay.",
    "“We will not wait any longer for the bridge,” Orr said.",
]
