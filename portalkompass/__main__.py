"""Results without a browser: ``python -m portalkompass --help`` names all commands."""

from portalkompass.commands.app import run

if __name__ == "__main__":
    run()
