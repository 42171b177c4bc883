"""Link sightings of the same words across articles. Pure."""
