"""Rounds of a workshop on the moderator's screen: votes on the weights, assessments of departments."""
