# lib.sh - what the shell's tests share.  Each test file sources it, calls check for its table of cases, and finish.
#
# A case is a script with the output and the exit status that POSIX wants.  The shell that is tested is $SH; the same
# files run in Parley with its own sh and on the host, where dash has to give the same answers.

SH=${SH:-/bin/sh}
HERE=$(cd "$(dirname "$0")" && pwd)
WORK=${TMPDIR:-/tmp}/shelltest.$$
REFERENCE=${REFERENCE:-}
count=0
failed=0
mkdir -p "$WORK" && cd "$WORK" || exit 1
export SH

# check NAME STATUS OUTPUT SCRIPT [ARGUMENT...]: runs the script with -c and compares; standard error is not looked at.
check() {
    name=$1 wanted_status=$2 wanted=$3 script=$4
    shift 4
    output=$("$SH" -c "$script" sh "$@" 2>/dev/null </dev/null)
    compare "$name" "$wanted_status" "$wanted" "$?" "$output"
}

# check_file NAME STATUS OUTPUT SCRIPT [ARGUMENT...]: the same with the script in a file.
check_file() {
    name=$1 wanted_status=$2 wanted=$3
    printf '%s\n' "$4" >script.sh
    shift 4
    output=$("$SH" script.sh "$@" 2>/dev/null </dev/null)
    compare "$name" "$wanted_status" "$wanted" "$?" "$output"
    rm -f script.sh
}

# check_input NAME STATUS OUTPUT SCRIPT: the same with the script on standard input.
check_input() {
    output=$(printf '%s' "$4" | "$SH" 2>/dev/null)
    compare "$1" "$2" "$3" "$?" "$output"
}

# beyond_dash CHECK...: a case in which POSIX is clear and dash (then $REFERENCE is set) goes another way.
beyond_dash() {
    if [ -z "$REFERENCE" ]; then
        "$@"
        return
    fi
    count=$((count + 1))
    printf 'ok %d - %s # SKIP dash differs\n' "$count" "$2"
}

# compare NAME STATUS OUTPUT REAL_STATUS REAL_OUTPUT
compare() {
    count=$((count + 1))
    if [ "$2" = "$4" ] && [ "$3" = "$5" ]; then
        printf 'ok %d - %s\n' "$count" "$1"
        return
    fi
    failed=$((failed + 1))
    printf 'not ok %d - %s\n' "$count" "$1"
    printf '%s\n' "status $4, expected $2; expected output:" "$3" "output:" "$5" | sed 's/^/# /'
}

finish() {
    cd / && rm -rf "$WORK"
    printf '1..%d\n' "$count"
    [ "$failed" = 0 ]
    exit
}
