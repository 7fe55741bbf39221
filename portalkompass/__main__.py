"""Results without a browser: ``python -m portalkompass figures`` and ``ranking``."""

from portalkompass.commands.app import run

if __name__ == "__main__":
    run()
