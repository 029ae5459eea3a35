# tap.sh - points for shell tests: a test reads it with `. "$(dirname "$0")/tap.sh"` and calls tap_end last.
#
#       tap_is "text" "actual" "expected"       a point: two strings are equal
#       tap_status "text" STATUS command...     a point: the command ends with that status (its output is dropped)
#       tap_has "text" "long" "short"           a point: the long string contains the short one
#       tap_end                                 the plan; the test's exit status
#
# The tests of the shell itself are tables of scripts, each with the exit status and the output that POSIX wants:
#
#       check "text" STATUS "output" "script" [argument...]          given to sh -c
#       check_file "text" STATUS "output" "script" [argument...]     as a file
#       check_input "text" STATUS "output" "script"                  on standard input
#       beyond_dash check...                    where POSIX is clear and dash goes another way
#
# They run $SH, in Parley and on the host, where dash has to give the same answers (tests/host/shell.py).
# A test works in a folder of its own, $tap_folder, which tap_end removes.
SH=${SH:-/bin/sh}
export SH
tap_count=0
tap_failed=0
tap_folder=/tmp/tap.$$
mkdir "$tap_folder"
cd "$tap_folder" || exit 1

tap_point() {
    tap_count=$((tap_count + 1))
    if [ "$1" = 0 ]; then
        printf 'ok %d - %s\n' "$tap_count" "$2"
    else
        tap_failed=$((tap_failed + 1))
        printf 'not ok %d - %s\n' "$tap_count" "$2"
    fi
}

tap_is() {
    if [ "$2" = "$3" ]; then
        tap_point 0 "$1"
    else
        tap_point 1 "$1"
        printf '# is "%s", should be "%s"\n' "$2" "$3" | sed '2,$s/^/# /'
    fi
}

tap_status() {
    tap_text=$1
    tap_wanted=$2
    shift 2
    "$@" >/dev/null 2>&1
    tap_is "$tap_text" "$?" "$tap_wanted"
}

tap_has() {
    case $2 in
    *"$3"*) tap_point 0 "$1" ;;
    *)
        tap_point 1 "$1"
        printf '# is "%s", should have "%s" in it\n' "$2" "$3" | sed '2,$s/^/# /'
        ;;
    esac
}

tap_end() {
    cd /
    rm -r "$tap_folder"
    echo "1..$tap_count"
    [ "$tap_failed" = 0 ]
}

check() {
    tap_text=$1 tap_wanted="status $2: $3" tap_script=$4
    shift 4
    tap_output=$("$SH" -c "$tap_script" sh "$@" 2>/dev/null </dev/null)
    tap_is "$tap_text" "status $?: $tap_output" "$tap_wanted"
}

check_file() {
    tap_text=$1 tap_wanted="status $2: $3"
    printf '%s\n' "$4" >script.sh
    shift 4
    tap_output=$("$SH" script.sh "$@" 2>/dev/null </dev/null)
    tap_is "$tap_text" "status $?: $tap_output" "$tap_wanted"
    rm script.sh
}

check_input() {
    tap_output=$(printf '%s' "$4" | "$SH" 2>/dev/null)
    tap_is "$1" "status $?: $tap_output" "status $2: $3"
}

beyond_dash() {
    if [ "${REFERENCE:-}" = dash ]; then
        tap_point 0 "$2 # SKIP dash differs"
    else
        "$@"
    fi
}
