"""Read articles from files, archives, feeds and sites."""
