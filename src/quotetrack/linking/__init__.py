"""Link sightings of the same words across articles, and build utterances from the links. Pure."""
