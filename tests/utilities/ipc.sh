# ipc.sh - programs that make, show and remove what processes share: ipcmk, ipcs, ipcrm.
. "$(dirname "$0")/tap.sh"

# The line of ipcs $1 for the identifier $2, without key and owner; nothing when it is gone.
line_of() {
    ipcs "$1" | while read -r key id owner rest; do
        if [ "$id" = "$2" ]; then
            echo $rest
        fi
    done
}

made() {
    id=$(ipcmk "$@")
    id=${id##* }
}

try 'ipcmk says what it made' 0 'Shared memory id: N' 'made -M 1; ipcrm -m "$id"
ipcmk -M 1 | tee made | sed "s/[0-9][0-9]*/N/"
read -r a b c id <made; ipcrm -m "$id"'
try 'ipcs -m' 0 '640 10000 0' 'made -M 10000 -p 640; line_of -m "$id"; ipcrm -m "$id"; line_of -m "$id"'
try 'ipcs -s' 0 '600 7' 'made -S 7 -p 600; line_of -s "$id"; ipcrm -s "$id"; line_of -s "$id"'
try 'ipcs -q' 0 '644 0 0' 'made -Q -p 644; line_of -q "$id"; ipcrm -q "$id"; line_of -q "$id"'
try 'ipcrm: by key' 0 '' 'made -S 1; key=$(ipcs -s | grep " $id " | cut -d" " -f1); ipcrm -S "$key"; line_of -s "$id"'
try 'ipcrm: nothing of that number' 1 '' 'ipcrm -m 123456789 2>/dev/null'
try 'ipcrm: as it was in old times' 0 '' 'made -S 1; ipcrm sem "$id" >/dev/null; line_of -s "$id"'
tap_end
