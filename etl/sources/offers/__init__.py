"""Online services that providers offer to municipalities: EfA services and those of marketplaces."""
