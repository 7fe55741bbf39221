"""Statistics on small weekly panels: CTR curve, lasting steps, before and after, outliers.

Pure numpy and pandas. A panel has one row a whole week (Monday, ascending) and one column a page or query
group; cells are clicks. Every estimate comes with an interval or a p-value, and with the number of weeks
that it rests on.
"""
