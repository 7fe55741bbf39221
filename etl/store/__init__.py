"""How facts get into the warehouse: load, publish, ledger, monthly sums."""
