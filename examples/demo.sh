#!/usr/bin/env bash
# Takes the two examples through every command: check, convert, acknowledge, clear.
#
# Every command is shown as it could be typed. Its exit status is checked against what has to come: 0 clean,
# 1 findings. Everything that is written lies in build/demo, or in the folder that the first argument names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PWD/.venv/bin:$PATH"

morning=examples/nordic_morning
out=${1:-build/demo}
rm -rf "$out"
mkdir -p "$out"

heading() { printf '\n== %s\n' "$*"; }

# expect STATUS FILE COMMAND...: run a command and insist on its exit status.
# FILE keeps what the command writes, FILE.notes what it remarks.
expect() {
    local wanted=$1 file=$2 status=0
    shift 2
    printf '\n$ %s\n' "$(shorten "$*")"
    "$@" >"$file" 2>"$file.notes" || status=$?
    if ((status != wanted)); then
        cat "$file" "$file.notes"
        printf 'demo: exit status %s instead of %s\n' "$status" "$wanted" >&2
        exit 1
    fi
}

# Commands are told with the patterns of file names, not with all the files.
shorten() { sed -E 's#(/(bids|need|capacity|blocking|acknowledgement|broken))_[^ ]+( [^ ]+\1_[^ ]+)+#\1_*.xml#g' <<<"$*"; }

heading 'Two areas, one border, six bids: the prices have to be 60 in SE3 and 90 in SE4 (examples/two_areas/README.md)'
expect 0 "$out/two_areas.txt" gateway clear examples/two_areas --scheme centralised --out "$out/two_areas"
grep -A1 '^Prices' "$out/two_areas.txt"

heading 'A Nordic morning: are the documents of the parties in order?'
expect 0 "$out/validate_good.txt" gateway validate "$morning"/{need,bids,capacity,blocking,acknowledgement}_*.xml
grep 'clean' "$out/validate_good.txt"

heading 'Documents with one fault each: exit status 1, and for each the rule, the reason code and the line'
echo 'Whether a document is late shows only against the time of receipt: that one comes next.'
expect 1 "$out/validate_broken.txt" gateway validate "$morning"/broken_*.xml
cat "$out/validate_broken.txt"

heading 'The same document is in order or late: the time of receipt decides'
expect 0 "$out/validate_in_time.txt" gateway validate --now 2027-01-14T06:10:00Z "$morning/bids_charging_fleet.xml"
expect 1 "$out/validate_late.txt" gateway validate --now 2027-01-14T06:40:00Z "$morning/broken_gate_missed.xml"
cat "$out/validate_late.txt"

heading 'Another edition, and what a document means'
expect 0 "$out/convert.txt" gateway convert "$morning/bids_smelters.xml" --to 7.4 --out "$out/bids_smelters_7.4.xml"
expect 0 "$out/canonical.txt" gateway convert "$morning/bids_smelters.xml" --to canonical --out "$out/bids_smelters.json"
echo 'An edition that cannot hold everything: nothing is lost in silence (exit status 1).'
expect 1 "$out/convert_loss.txt" gateway convert "$morning/bids_pools_sweden.xml" --to 7.2
tail -n 1 "$out/convert_loss.txt.notes"

heading 'The answer to a document of which one bid is wrong'
expect 1 "$out/acknowledgement.xml" gateway ack --now 2027-01-14T05:40:00Z "$morning/broken_price_beyond_cap.xml"
grep -E '<(code|text)>' "$out/acknowledgement.xml"

heading 'Clear the morning: 2,410 bids, the broken documents among them (exit status 1: some are refused)'
expect 1 "$out/nordic_morning.txt" gateway clear "$morning" --scheme centralised --out "$out/nordic_morning"
grep -v '^Note: ' "$out/nordic_morning.txt"
find "$out" -name '*.notes' -empty -delete

heading 'Done. Open'
cat <<SUMMARY
  $out/nordic_morning/report.html            the result of the morning, for people
  $out/nordic_morning/result.json            the same for programs
  $out/nordic_morning/acknowledgements/      one answer to every document
  $out/nordic_morning/allocations/           what each seller and buyer is told; check_*: the grid operator, twice
  $out/nordic_morning/activations/           the orders
  $out/two_areas/report.html                 the market that can be cleared on paper
  examples/nordic_morning/README.md                what happened in that hour, and why
SUMMARY
