"""English names of months, weekdays, seasons and units of time, and patterns that match them."""

from __future__ import annotations

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_MONTH_OF_SEASON = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
DAYS_OF_UNIT = {"day": 1, "week": 7, "month": 30, "year": 365}  # days, for counting back from a day

# Patterns: alternatives without a group around them. Compile with IGNORECASE where capitals do not matter.
MONTH_NAME = "|".join(MONTHS)
MONTH_ABBREVIATION = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
MONTH_ABBREVIATION_IN_NEWS = "Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec"  # style guides spell out June and July
WEEKDAY_NAME = "|".join(WEEKDAYS)
