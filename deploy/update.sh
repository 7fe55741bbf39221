#!/bin/sh
# Puts another release in place: back up, stop, install program, packages and units, migrate, check, start.
# Where the new release does not pass its check, everything goes back to where it was by itself. What a power cut
# interrupts is finished or taken back by the next call.
# Called by pk: pk update portalkompass.tar [folder of packages]   pk update --back
set -eu
program=/opt/portalkompass
old=$program.alt
new=$program.neu
begun=$program.unfertig
units=/etc/systemd/system

say() { printf '%s\n' "$*"; }
leave() { printf '%s\n' "$*" >&2; exit 1; }
as_account() { (cd "$1" && shift && runuser -u portalkompass -- "$@"); }

# Releases differ in their units: only those that are in place can be stopped or started.
in_place() { for unit in "$units"/portalkompass-*."$1"; do [ ! -e "$unit" ] || basename "$unit"; done; }
stop_all() { systemctl stop $(in_place timer) $(in_place service) portalkompass.service; }
start_all() { systemctl start portalkompass.service $(in_place timer); }

install_units() {
    rm -f "$units"/portalkompass*
    cp "$1"/deploy/systemd/* "$units"/
    systemctl daemon-reload
    install -m 755 "$1/deploy/pk" /usr/local/sbin/.pk.neu
    mv /usr/local/sbin/.pk.neu /usr/local/sbin/pk
}

back_up() {
    # The path of the archive; nothing where there is nothing to save yet.
    told=$(as_account "$program" "$program/.venv/bin/python" -m portalkompass backup "$backups" 2>&1) || {
        case $told in *"noch nichts zu sichern"*) return 0 ;; esac
        printf '%s\n' "$told" >&2
        return 1
    }
    printf '%s\n' "$told" | sed -n 's/^\(.*\.zip\): .*$/\1/p' | head -1
}

healthy() {
    as_account "$program" "$program/.venv/bin/python" - <<'PYTHON'
import sys, time, urllib.request
from urllib.parse import urlsplit
from portalkompass.settings import load_settings
base = urlsplit(load_settings().login.address).path.rstrip("/")
for _ in range(240):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:8501{base}/_stcore/health", timeout=5) as answer:
            # Streamlit alone would be healthy, too: the header says that our door stands in front of it.
            guarded = "Content-Security-Policy" in answer.headers
            sys.exit(0 if answer.status == 200 and guarded else 1)
    except OSError:
        time.sleep(0.25)
sys.exit(1)
PYTHON
}

go_back() {
    # The release that is in place puts the state back in the form of the earlier one, then makes way.
    systemctl stop portalkompass.service
    if [ -n "$1" ]; then
        as_account "$program" "$program/.venv/bin/python" -m portalkompass restore --as-saved "$1" || return 1
    fi
    rm -rf "$new" && mv "$program" "$new" && mv "$old" "$program" || return 1
    [ ! -e "$old.weg" ] || mv "$old.weg" "$old"
    install_units "$program" && start_all && rm -f "$begun" "$program/.sicherung"
}

check() {
    install_units "$program" \
        && as_account "$program" "$program/.venv/bin/python" -m portalkompass retention --dry-run > /dev/null \
        && as_account "$program" "$program/.venv/bin/python" -m etl verify > /dev/null \
        && systemctl start portalkompass.service \
        && healthy
}

check_or_go_back() {
    # The mark travels with the program: whatever carries it was put in place and has not passed its check yet.
    saved=$(cat "$old/.sicherung")
    if check; then
        systemctl start $(in_place timer)
        rm -f "$program/.ungeprueft" "$begun"
        rm -rf "$old.weg"
        return
    fi
    go_back "$saved" || leave "Die neue Version läuft nicht, und der Weg zurück ist gestört. Die Sicherung liegt in $saved."
    leave "Die neue Version hat ihre Prüfung nicht bestanden. Die vorige läuft wieder, mit dem Stand von vor dem Update."
}

finish_interrupted() {
    [ -e "$begun" ] || return 0
    [ -e "$old" ] || [ ! -e "$old.weg" ] || mv "$old.weg" "$old"
    if [ -e "$program/.ungeprueft" ]; then
        check_or_go_back
        say "Das unterbrochene Update ist zu Ende geführt. Zurück: pk update --back"
        exit 0
    fi
    went_back=
    if [ ! -d "$program" ]; then
        mv "$old" "$program"
        went_back=1
    fi
    install_units "$program"
    start_all
    rm -f "$begun"
    [ -z "$went_back" ] || rm -f "$program/.sicherung"
    if [ -n "$went_back" ] && [ "${1:-}" = --back ]; then
        say "Die vorige Version läuft wieder."
        exit 0
    fi
}

[ "$(id -u)" = 0 ] || leave "Aktualisieren braucht die Rechte von root."
[ -e "$begun" ] || [ -d "$program/.venv" ] || leave "In $program ist kein Portalkompass eingerichtet."
set -a
. /etc/portalkompass/umgebung
set +a
backups=${PORTALKOMPASS_OPERATIONS__BACKUP_DIR:-/var/backups/portalkompass}
finish_interrupted "$@"

if [ "${1:-}" = --back ]; then
    [ -d "$old" ] || leave "Die vorige Version liegt nicht mehr in $old. Es wurde nichts verändert."
    : > "$begun"
    stop_all
    kept=$(back_up) || { start_all; rm -f "$begun"; leave "Der jetzige Stand ließ sich nicht sichern. Es wurde nichts verändert."; }
    before=$(cat "$old/.sicherung")
    go_back "$before" || { start_all; rm -f "$begun"; leave "Der Stand von vor dem Update ließ sich nicht zurückspielen; die neue Version läuft weiter."; }
    say "Die vorige Version läuft wieder, mit dem Stand von vor dem Update."
    [ -z "$kept" ] || say "Der Stand der neueren Version liegt in $kept."
    exit 0
fi

archive=$(realpath "${1:?pk update portalkompass.tar}")
packages=${2:+$(realpath "$2")}

# Everything that can fail without harm comes first, beside the release that runs.
rm -rf "$new"
trap 'rm -rf "$new"' EXIT
install -d "$new"
tar -xf "$archive" -C "$new" || leave "$archive lässt sich nicht entpacken. Es wurde nichts verändert."
[ -f "$new/app.py" ] || leave "$archive enthält keinen Portalkompass. Es wurde nichts verändert."
cp -a "$program/.venv" "$new/.venv"
[ ! -e "$program/settings.local.toml" ] || cp -a "$program/settings.local.toml" "$new/"
"$new/.venv/bin/python" -m pip install --quiet ${packages:+--no-index --find-links "$packages"} -r "$new/requirements.txt" \
    || leave "Die Pakete ließen sich nicht einrichten. Es wurde nichts verändert."
as_account "$new" "$new/.venv/bin/python" -m etl status > /dev/null \
    || leave "Die neue Version kommt mit den Einstellungen oder Daten nicht zurecht. Es wurde nichts verändert."

# From here on an interruption leaves something to finish.
: > "$begun"
: > "$new/.ungeprueft"
stop_all
saved=$(back_up) || { start_all; rm -f "$begun"; leave "Die Sicherung ist nicht möglich. Es wurde nichts verändert."; }
printf '%s\n' "$saved" > "$program/.sicherung"
rm -rf "$old.weg"
[ ! -e "$old" ] || mv "$old" "$old.weg"
mv "$program" "$old"
mv "$new" "$program"
trap - EXIT

check_or_go_back
say "Aktualisiert. Die vorige Version liegt in $old${saved:+, ihr Stand in $saved}. Zurück: pk update --back"
