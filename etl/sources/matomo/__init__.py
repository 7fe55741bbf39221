"""Portal figures through Matomo's Reporting API: ask, judge, plan from the ledger, load whole days."""
