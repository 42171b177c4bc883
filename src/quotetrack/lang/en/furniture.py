"""Patterns of the short lines that a page prints between and below the paragraphs of an article.

The lines that are always the same stand in `furniture.txt`.
"""

import re

# A label at the beginning of a line, with a headline behind it: "Related: Why the bridge fell".
LINK_LABEL = re.compile(
    r"(?:related|recommended|read more|read also|see also|watch|also read|more)\s*(?=[:|\[(‘'“\"]|[A-Z])", re.I
)
# A label as a page writes it, glued to the headline or parted from it: "RelatedWhy the bridge fell".
PRINTED_LINK_LABEL = re.compile(
    r"(?:Related|RELATED|READ MORE|Read more|READ ALSO|Read also|SEE ALSO|See also|ALSO READ|Also read|WATCH)"
    r"[:\s|]*(?=[A-Z‘'“\"])"
)
READING_TIME = re.compile(r"\d+\s*min(?:ute)?s?(?:\s+read)?", re.I)
CREDIT = re.compile(r"(?:source|sources|credit|photo|image|picture|getty images)\s*[:/]", re.I)
