"""Catalogues from elsewhere that can be trusted, by The Update Framework. Loaded for `catalogue update` alone."""
