# tap.sh - points for shell tests: a test reads it with `. /tests/shell/tap.sh` and calls tap_end last.
#
#       tap_is "text" "actual" "expected"       a point: two strings are equal
#       tap_status "text" STATUS command...     a point: the command ends with that status (its output is dropped)
#       tap_has "text" "long" "short"           a point: the long string contains the short one
#       tap_end                                 the plan; the test's exit status
#
# A test works in a folder of its own, $tap_folder, which tap_end removes.
tap_count=0
tap_failed=0
tap_folder=/tmp/tap.$$
mkdir "$tap_folder"
cd "$tap_folder"

tap_point() {
    tap_count=$((tap_count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $tap_count - $2"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_count - $2"
    fi
}

tap_is() {
    if [ "$2" = "$3" ]; then
        tap_point 0 "$1"
    else
        tap_point 1 "$1"
        echo "# is \"$2\", should be \"$3\""
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
        echo "# is \"$2\", should have \"$3\" in it"
        ;;
    esac
}

tap_end() {
    cd /
    rm -r "$tap_folder"
    echo "1..$tap_count"
    [ "$tap_failed" = 0 ]
}
