"""The living deck: slides that know where they come from, and are brought up to date after people have edited them."""
