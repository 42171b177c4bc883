"""Invented questions of every form, with the speakers, topic and quoted words that a careful reader takes from them.

Each line: question | speakers, by semicolons | topic | quoted words. All people are invented.
"""

STATEMENTS = """
what did Orla Venn say about the ferry | Orla Venn | the ferry
what did Venn say | Venn
what's Venn's position on tolls | Venn | tolls
what are Venn's views on the pier | Venn | the pier
what was Brisk's reaction to the strike | Brisk | the strike
where does Venn stand on tolls | Venn | tolls
how does Venn feel about the pier | Venn | the pier
what does Venn think of the new mayor | Venn | the new mayor
what did Venn tell reporters about tolls | Venn | tolls
what did Venn have to say about tolls | Venn | tolls
what has Venn said on the topic of tolls | Venn | tolls
Tell me what Venn said about tolls | Venn | tolls
can you tell me what Venn said about the pier please | Venn | the pier
please show me everything Venn said about tolls | Venn | tolls
show me all quotes by Venn | Venn
list all statements by Tadeo Brisk about boats | Tadeo Brisk | boats
give me Venn's quotes on the ferry | Venn | the ferry
Venn quotes | Venn
Venn's remarks about the pier | Venn | the pier
everything by Orla Venn on tolls | Orla Venn | tolls
everything about the pier | | the pier
anything Venn said about the pier | Venn | the pier
what Venn said about tolls | Venn | tolls
Venn about tolls | Venn | tolls
Venn: tolls | Venn | tolls
orla venn tolls | orla venn | tolls
what did Venn and Brisk say about boats | Venn; Brisk | boats
what did Orla Venn, Tadeo Brisk and Roth say about boats | Orla Venn; Tadeo Brisk; Roth | boats
Venn and Brisk on the ferry | Venn; Brisk | the ferry
quotes by Venn and Brisk about tolls | Venn; Brisk | tolls
what was said about dredging | | dredging
what has been said about the pier so far | | the pier
what did anyone say about the pier | | the pier
what did everybody say about tolls | | tolls
what was said by Venn about tolls | Venn | tolls
quotes about the pier | | the pier
statements on dredging | | dredging
dredging | | dredging
the night boat to Kurin | | the night boat to Kurin
about the pier | | the pier
what did the harbour board say about dredging | the harbour board | dredging
what did the harbour master announce about the locks | the harbour master | the locks
what did Iven Holt promise voters | Iven Holt
what did Venn say when asked about the storm | Venn | the storm
what did Venn say in response to the strike | Venn | the strike
according to Venn, about the pier | Venn | the pier
what did Venn explain about the pier | Venn | the pier
what do people think about tolls | | tolls
what did Venn say Brisk said about boats | Venn | Brisk said about boats
what does Venn want for the pier | Venn | the pier
what did Venn say about "hammer gates" | Venn | hammer gates
what did Venn say at the opening | Venn
"""

EVER_SAID = """
did Venn ever mention eels | Venn | eels
did Venn mention eels? | Venn | eels
has Venn ever talked about eels | Venn | eels
has Venn said anything about eels | Venn | eels
did Venn say anything on eels | Venn | eels
did Venn say that the pier is safe | Venn | the pier is safe
is it true that Venn said the pier is safe? | Venn | the pier is safe
is it true Venn promised a new pier | Venn | a new pier
was it Venn who said the pier is safe | Venn | the pier is safe
did Venn really say "boats do not float" | Venn | | boats do not float
has Venn ever been quoted on eels | Venn | eels
was Venn quoted about eels | Venn | eels
is there a quote by Venn about eels | Venn | eels
are there any quotes by Venn on eels | Venn | eels
are there any quotes about eels | | eels
did Venn criticise the harbour board | Venn | the harbour board
did Venn support the new pier | Venn | the new pier
does Venn support tolls | Venn | tolls
did Venn speak to reporters about eels | Venn | eels
can you confirm that Venn said the pier is safe | Venn | the pier is safe
did anyone mention eels | | eels
has anybody said anything about eels | | eels
did Venn promise a new pier | Venn | a new pier
did Venn respond to the strike | Venn | the strike
did Brisk deny the rumours | Brisk | the rumours
has the harbour board ever commented on dredging | the harbour board | dredging
did Venn apologise | Venn
"""

WHO_SAID = """
who said "boats do not float" | | | boats do not float
who said 'boats do not float'? | | | boats do not float
who said that boats do not float | | boats do not float
who said boats do not float | | boats do not float
who first said “boats do not float” | | | boats do not float
who was it that said "boats do not float" | | | boats do not float
"boats do not float" | | | boats do not float
"boats do not float" - who said that? | | | boats do not float
find the quote "boats do not float" | | | boats do not float
whose words are "boats do not float" | | | boats do not float
who used the words "boats do not float" | | | boats do not float
who coined the phrase "boats do not float" | | | boats do not float
who claimed that the pier is safe | | the pier is safe
who wrote "boats do not float" | | | boats do not float
where does the quote "boats do not float" come from | | | boats do not float
who called the pier "a ruin with a view" | | the pier | a ruin with a view
who promised a new pier | | a new pier
who told the committee that the pier is safe | | the pier is safe
"""

WHO_ABOUT = """
who criticised the pier | | the pier
who criticized the pier? | | the pier
who spoke about eels | | eels
who has talked about eels | | eels
who commented on eels | | eels
who mentioned eels | | eels
who supports the night boat | | the night boat
who opposes the night boat | | the night boat
who is against the night boat | | the night boat
who backs the night boat | | the night boat
who defended the harbour board | | the harbour board
who warned about the pier | | the pier
who warned of floods | | floods
who complained about tolls | | tolls
who praised the pier | | the pier
who said anything about eels | | eels
who said something about eels | | eels
who else spoke about eels | | eels
who all commented on eels | | eels
who was quoted about eels | | eels
who is quoted on eels | | eels
who has an opinion on tolls | | tolls
which ministers spoke about tolls | | tolls
people who criticised the pier | | the pier
everyone who spoke about eels | | eels
who welcomed the decision | | the decision
who talks about tolls | | tolls
who discussed the pier | | the pier
who had something to say about eels | | eels
critics of the pier | | the pier
who spoke out against tolls | | tolls
who wants tolls | | tolls
"""

MOST_QUOTED = """
most quoted people
who is quoted most
who is quoted most often
who is the most quoted person
who are the most quoted people about the pier | | the pier
who is quoted the most on tolls | | tolls
which speakers are quoted most
which people are quoted most often about eels | | eels
who gets quoted most
top speakers
top 10 speakers on tolls | | tolls
the most quoted politicians
most cited sources about the pier | | the pier
who talks the most about tolls | | tolls
who speaks most about eels | | eels
show me the most quoted people
who has the most quotes about the pier | | the pier
who was quoted most about dredging | | dredging
most frequently quoted people
people quoted most often on tolls | | tolls
"""

COUNT = """
how often did Venn mention eels | Venn | eels
how many times did Venn mention eels | Venn | eels
how often has Venn talked about eels | Venn | eels
how often was Venn quoted | Venn
how often was Venn quoted about eels | Venn | eels
how many quotes by Venn about eels | Venn | eels
how many quotes are there by Venn | Venn
how many quotes are there about eels | | eels
how many quotations about eels | | eels
how many statements did Venn make about eels | Venn | eels
how many times has Venn been quoted on eels | Venn | eels
number of quotes by Venn | Venn
count the quotes by Venn about eels | Venn | eels
how often is the pier mentioned | | the pier
how often was the pier mentioned by Venn | Venn | the pier
how many times did Venn say "boats do not float" | Venn | | boats do not float
how often does Venn use the words "boats do not float" | Venn | | boats do not float
how many people spoke about eels | | eels
how many Venn quotes are there | Venn
how much has Venn said about eels | Venn | eels
"""

OUTLETS_OF = """
which outlets carried Venn's words about the pier | Venn | the pier
which papers printed the Venn quote about the pier | Venn | the pier
how many outlets carried the Venn quote about tolls | Venn | tolls
which newspapers quoted Venn on tolls | Venn | tolls
which outlets quoted Venn | Venn
what outlets reported what Venn said about tolls | Venn | tolls
which outlets carried "boats do not float" | | | boats do not float
how many papers printed "boats do not float" | | | boats do not float
who was first to report Venn's remarks on tolls | Venn | tolls
who first reported Venn's remarks on tolls | Venn | tolls
which outlet was first to publish Venn's words about tolls | Venn | tolls
where was Venn quoted about tolls | Venn | tolls
where were Venn's words about tolls printed | Venn | tolls
in which papers was Venn quoted about tolls | Venn | tolls
which sites ran Brisk's statement on boats | Brisk | boats
which media carried quotes by Venn about tolls | Venn | tolls
which outlets covered Venn's remarks about eels | Venn | eels
which outlets have quotes about eels | | eels
how many outlets quoted Tadeo Brisk | Tadeo Brisk
list the outlets that carried Venn's words about tolls | Venn | tolls
who else printed Venn's words about tolls | Venn | tolls
where did "boats do not float" appear | | | boats do not float
"""

NEWEST = """
latest quotes about the pier | | the pier
newest quotes by Venn | Venn
most recent quotes by Venn about tolls | Venn | tolls
the latest statement by Venn on tolls | Venn | tolls
Venn's latest remarks on tolls | Venn | tolls
what is Venn's most recent statement about tolls | Venn | tolls
what did Venn last say about tolls | Venn | tolls
when did Venn last mention eels | Venn | eels
what was the last thing Venn said about tolls | Venn | tolls
show me the latest quotes by Brisk | Brisk
last quote by Venn | Venn
what is the latest Venn quote on tolls | Venn | tolls
recent quotes about eels | | eels
what's new from Venn | Venn
"""

OLDEST = """
first quotes about the pier | | the pier
oldest quotes by Venn | Venn
the earliest quote by Venn about tolls | Venn | tolls
what did Venn first say about tolls | Venn | tolls
when did Venn first mention eels | Venn | eels
when did Venn first say that the pier is safe | Venn | the pier is safe
Venn's first statement on tolls | Venn | tolls
what was the first thing Venn said about tolls | Venn | tolls
when was Venn first quoted | Venn
who was the first to mention eels | | eels
oldest statements on dredging | | dredging
when was the first time Venn spoke about tolls | Venn | tolls
"""

LONGEST = """
the longest quote by Venn | Venn
longest quotes about the pier | | the pier
what is the longest quote by Venn about tolls | Venn | tolls
Venn's longest quote | Venn
show me the longest statement by Brisk | Brisk
longest quote
the longest thing Venn said about tolls | Venn | tolls
Venn's longest statement on tolls | Venn | tolls
which is the longest quotation of Orla Venn | Orla Venn
who gave the longest quote about the pier | | the pier
"""

CHANGES = """
what changed in Venn's position on tolls | Venn | tolls
what has changed in Venn's view of tolls | Venn | tolls
how has Venn's position on tolls changed | Venn | tolls
how did Venn's stance on tolls evolve | Venn | tolls
has Venn changed her mind about tolls | Venn | tolls
did Venn change his position on tolls | Venn | tolls
Venn's position on tolls over time | Venn | tolls
what did Venn say about tolls over time | Venn | tolls
changes in Venn's position on tolls | Venn | tolls
how has Venn's view changed on tolls | Venn | tolls
has Venn's opinion of the mayor changed | Venn | the mayor
how have Brisk's views on boats shifted | Brisk | boats
did Venn's tone on tolls change | Venn | tolls
what changed in what Venn said about tolls | Venn | tolls
Venn on tolls over time | Venn | tolls
what changed about the pier | | the pier
"""

SIMILAR = """
who else said something similar to Venn about tolls | Venn | tolls
who said something similar to Venn | Venn
who agrees with Venn about tolls | Venn | tolls
who agreed with Orla Venn on the pier | Orla Venn | the pier
who shares Venn's view on tolls | Venn | tolls
who else said the same as Venn about tolls | Venn | tolls
who echoed Venn on tolls | Venn | tolls
does anyone agree with Venn about tolls | Venn | tolls
has anyone said something similar to Venn | Venn
quotes similar to Venn's about tolls | Venn | tolls
similar statements to Venn's on tolls | Venn | tolls
who says the same thing as Venn about tolls | Venn | tolls
who sides with Brisk on boats | Brisk | boats
who else thinks like Venn about tolls | Venn | tolls
"""

COMPARE = """
compare Venn and Brisk on tolls | Venn; Brisk | tolls
compare Orla Venn with Tadeo Brisk on the ferry | Orla Venn; Tadeo Brisk | the ferry
Venn vs Brisk on tolls | Venn; Brisk | tolls
Venn versus Brisk | Venn; Brisk
difference between Venn and Brisk on tolls | Venn; Brisk | tolls
what is the difference between Venn and Brisk on tolls | Venn; Brisk | tolls
how do Venn and Brisk differ on tolls | Venn; Brisk | tolls
where do Venn and Brisk disagree on tolls | Venn; Brisk | tolls
do Venn and Brisk agree on tolls | Venn; Brisk | tolls
compare what Venn and Brisk said about tolls | Venn; Brisk | tolls
Venn's position compared to Brisk's on tolls | Venn; Brisk | tolls
compare Venn to Brisk about boats | Venn; Brisk | boats
"""

FOLLOW_UP = """
and about the pier? | | the pier
what about tolls? | | tolls
how about tolls | | tolls
and on tolls? | | tolls
and Brisk? | Brisk
what about Brisk? | Brisk
and in the Harbour Post?
and in May?
and in 2030?
what did she say about tolls | | tolls
what did he say | |
what else did she say about tolls | | tolls
did he mention eels | | eels
has she ever talked about eels | | eels
anything else?
anything else about tolls? | | tolls
what did they say about tolls | | tolls
her views on tolls | | tolls
and what did he say about eels | | eels
more
who else?
"""

NOT_UNDERSTOOD = """
summarize the debate on eels | | eels
summarise what happened at the pier
why is the pier closed
why did Venn say that | |
how tall is the pier
what is a toll
who is Orla Venn
who built the pier
what was Venn asked about tolls
explain tolls | | tolls
is the pier safe
when does the pier open
write a speech about tolls
will Venn resign
should the pier be closed
what happened at the pier
where is the pier
what time does the ferry sail
"""

BY_FORM = {
    "statements": STATEMENTS,
    "ever_said": EVER_SAID,
    "who_said": WHO_SAID,
    "who_about": WHO_ABOUT,
    "most_quoted": MOST_QUOTED,
    "count": COUNT,
    "outlets_of": OUTLETS_OF,
    "newest": NEWEST,
    "oldest": OLDEST,
    "longest": LONGEST,
    "changes": CHANGES,
    "similar": SIMILAR,
    "compare": COMPARE,
    "follow_up": FOLLOW_UP,
    "not_understood": NOT_UNDERSTOOD,
}


def questions() -> list[tuple[str, str, tuple[str, ...], str | None, str | None]]:
    """Return each question with its form, speakers, topic and quoted words."""
    found = []
    for form, lines in BY_FORM.items():
        for line in lines.strip().splitlines():
            cells = [cell.strip() for cell in line.split("|")] + [""] * 3
            speakers = tuple(name.strip() for name in cells[1].split(";") if name.strip())
            found.append((cells[0], form, speakers, cells[2] or None, cells[3] or None))
    return found
