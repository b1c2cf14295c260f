#!/bin/sh
# Hand-written lines of Rust by room, as git knows the files: without tests, and without the
# generated resource types. With a revision, the lines of that revision.
#
#   scripts/lines.sh [REVISION]
set -eu
cd "$(dirname "$0")/.."
revision=${1:-}
if [ -n "$revision" ]; then
    files() { git ls-tree -r --name-only "$revision"; }
    text() { git show "$revision:$1"; }
else
    files() { git ls-files; }
    text() { cat "$1"; }
fi
files | grep '\.rs$' | grep -E '^(src|products|schemas|xtask)/' |
    grep -vE '(^|/)tests/|^src/resource/' |
    while read -r file; do
        room=$(echo "$file" | cut -d/ -f1,2)
        case $file in
        src/*/* | xtask/*/*) ;;
        *) room=$(echo "$file" | cut -d/ -f1) ;;
        esac
        echo "$room $(text "$file" | wc -l)"
    done |
    awk '{ lines[$1] += $2; sum += $2 }
         END { for (room in lines) printf "%-24s %6d\n", room, lines[room]; printf "%-24s %6d\n", "~all", sum }' |
    sort | sed 's/^~all/all /'
