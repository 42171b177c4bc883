"""The steps of a run.

`crawl` and `read_files` take articles in and yield an `Outcome` for each. Every other step is a function `run`, which
drains its work list and commits as it goes: `extract.run`, `resolve_speakers.run`, `link.run`, `embed.run`,
`relate.run`, `match_checks.run` and `erase.run`. The first argument is the `RunContext` where the step stores its run,
and the sessions otherwise; the last is `on_progress`. A step that is stopped leaves the rest on its list.
"""
