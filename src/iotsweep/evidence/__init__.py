"""Saving a report so that someone else can read it, check it and render it again."""
