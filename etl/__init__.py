"""Sources -> warehouse; ``python -m etl`` is the front door."""

import os

# Arrow's usual allocator keeps a heap for every thread that ever fetched, 80 MB in a long pull; the system's
# gives memory back. Arrow reads this once, when it is first imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
