"""Google Search Console: the API extractor, UI exports and bulk exports."""
