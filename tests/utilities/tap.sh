# tap.sh - points for tests of the utilities: tables of commands, each with the status and the output that is due.
#
#       try "text" STATUS "output" "command"     a point: standard output and error together, less newlines at the end
#
# The command is evaluated in a subshell, in the test's own folder, with nothing on standard input.  What the shell has
# built in is called through env, so that the program is tested.  The expected texts are what POSIX asks for and what
# GNU's tools print; the tests run on the host as well, with either.
. "$(dirname "$0")/../shell/tap.sh"

try() {
    tap_output=$( (eval "$4") 2>&1 </dev/null)
    tap_is "$1" "status $?: $tap_output" "status $2: $3"
}

# The files that most tests begin with.
printf 'apple 3\nbanana 10\ncherry 2\napple 3\nDate 7\n' >fruit
printf 'a:b:c\nd:e\nnone\n:x:\n' >fields
printf 'no newline' >partial
: >empty
mkdir -p folder/deep
echo inside >folder/file
echo below >folder/deep/file
