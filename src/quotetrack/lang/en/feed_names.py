"""English words in the names and addresses of a site's feeds and sitemaps."""

import re

# A feed of readers' comments, which WordPress names next to the feed of articles. "No comment" may be a column.
COMMENTS_FEED = re.compile(r"\bcomments\b|[/_-]comment(?:[/._?-]|$)", re.I)
# In the address of a news sitemap, in lower case. A site's other sitemaps list its whole archive.
NEWS_SITEMAP = "news"
