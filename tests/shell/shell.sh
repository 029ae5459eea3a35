# shell.sh - the shell as a whole: options, errors, traps, how it is called.
. "$(dirname "$0")/tap.sh"

# Invocation
check 'arguments of -c' 0 'sh a b' 'echo $0 $1 $2' a b
check_file 'script with arguments' 0 'script.sh a 2' 'echo $0 $1 $#' a b
check_file 'script without a last newline' 0 'x' 'printf "%s" "echo x" >s; "$SH" ./s; rm s'
check_input 'commands on standard input' 0 'a
b' 'echo a
echo b
'
beyond_dash check_input 'utilities share standard input' 0 'line' 'cat
line
'
beyond_dash check_input 'read shares it too' 0 'got line' 'read v
line
echo got $v
'
check 'sh -s with arguments' 0 'b' 'echo "echo \$2" | $SH -s a b'
beyond_dash check 'missing script' 127 '' '$SH /no/such/script'
check 'options on the command line' 0 'yes' '$SH -eu -c "case \$- in *e*u*|*u*e*) echo yes;; esac"'
check 'sh -n reads only' 0 '' '$SH -n -c "echo x"'
check 'sh -v shows lines' 0 'echo x
x' 'echo "echo x" >s; $SH -v s 2>&1; rm s'
check 'empty command string' 0 '' ''
check 'environment' 0 'x' 'V=x $SH -c "echo \$V"'
check 'last command is executed in place' 0 'x' 'echo y >/dev/null; echo x'
check 'status of the last command' 7 '' 'true; sh -c "exit 7"'

# set -e
check 'errexit' 1 'a' 'set -e; echo a; false; echo b'
check 'errexit and conditions' 0 'end' '
set -e; if false; then :; fi; while false; do :; done; false || true; ! true
echo end'
check 'errexit and &&' 0 'end' 'set -e; false && true; echo end'
check 'errexit behind &&' 1 '' 'set -e; true && false; echo no'
check 'errexit in a subshell' 1 'a' 'set -e; (echo a; false; echo b); echo c'
check 'errexit and a pipeline' 0 'end' 'set -e; false | true; echo end'
check 'errexit and a function' 1 'a' 'set -e; f() { echo a; false; echo b; }; f; echo c'
check 'errexit and a tested function' 0 'a
b
c' 'set -e; f() { echo a; false; echo b; }; if f; then echo c; fi'
check 'errexit and an assignment' 1 '' 'set -e; a=$(false); echo no'
check 'errexit and a trap' 1 'bye' 'trap "echo bye" EXIT; set -e; false; echo no'
check 'errexit off' 0 'x' 'set -e; set +e; false; echo x'

# Other options
check 'nounset' 2 '' 'set -u; echo $none; echo no'
check 'nounset and set' 0 'v d ' 'set -u; s=v; echo "$s ${n-d} $*"'
check 'xtrace' 0 '+ echo a b
a b' 'exec 2>&1; set -x; echo a b'
check 'xtrace with assignments' 0 '+ v=1
+ echo 1
1' 'exec 2>&1; set -x; v=1; echo $v'
check 'PS4' 0 '> echo a
a' 'exec 2>&1; PS4="> "; set -x; echo a'
check 'set -o by name' 1 '' 'set -o errexit; false; echo no'
check 'set +o can be read again' 0 'f' 'set -f; s=$(set +o); set +f; eval "$s"; case $- in *f*) echo f;; esac'
check 'bad option' 2 '' 'set -Z; echo no'
beyond_dash check 'LINENO' 0 '1
3' 'echo $LINENO

echo $LINENO'

# Syntax errors
check 'unexpected word' 2 '' 'fi'
check 'unexpected parenthesis' 2 '' 'echo )'
check 'missing fi' 2 '' 'if true; then echo a'
check 'missing done' 2 '' 'while true; do echo a'
check 'missing esac' 2 '' 'case a in a) echo a;;'
check 'missing brace' 2 '' '{ echo a;'
check 'missing parenthesis' 2 '' '(echo a'
check 'unterminated quote' 2 '' "echo 'a"
check 'unterminated double quote' 2 '' 'echo "a'
check 'unterminated substitution' 2 '' 'echo $(echo a'
check 'unterminated braces' 2 '' 'echo ${a'
check 'empty group' 2 '' '{ }'
check 'empty then' 2 '' 'if true; then fi'
check 'operator without a command' 2 '' '&& echo a'
check 'pipe without a command' 2 '' 'echo a |'
check 'double semicolon' 2 '' 'echo a;; echo b'
check 'redirection without a file' 2 '' 'echo a >'
check 'bad for name' 2 '' 'for 1 in a; do echo; done'
check 'for without in' 2 '' 'for i a b; do echo; done'
check 'bad substitution' 2 '' 'echo ${a!b}'
check 'earlier lines run' 2 'a' 'echo a
fi'
check 'syntax error in eval' 2 '' 'eval "if"; echo no'
check 'syntax error in a dot script' 2 '' 'echo "if" >s; . ./s; echo no'
rm -f s
check 'syntax error in a subshell script' 0 '2 on' '$SH -c "if"; echo $? on'
check 'deep nesting is an error at most' 0 'alive' '
s="(((((((((("; s=$s$s$s$s$s$s$s$s$s$s; s=$s$s$s$s$s$s$s$s$s$s
$SH -c "$s" >/dev/null; echo alive'
check 'binary rubbish is an error at most' 0 'alive' '
printf "\001\377\200\033(\042\140" >s; $SH ./s >/dev/null; rm s; echo alive'
check 'assignment to a readonly in a command' 0 'alive' '(readonly v=1; v=2 true; echo no); echo alive'

# Traps
check 'trap EXIT' 0 'a
bye' 'trap "echo bye" EXIT; echo a'
check 'trap 0 and the status' 3 'bye 3' 'trap "echo bye \$?" 0; exit 3'
check 'exit in trap EXIT' 4 '' 'trap "exit 4" EXIT; exit 3'
check 'exit without a status in trap EXIT' 3 '' 'trap "true; exit" EXIT; exit 3'
check 'trap a signal' 0 'got
on' 'trap "echo got" TERM; kill -TERM $$; echo on'
check 'trap a real-time signal' 0 "got
trap -- 'echo got' RTMIN+2" 'trap "echo got" RTMIN+2; kill -36 $$; trap'
check 'trap keeps the status' 0 '1' 'trap true USR1; f() { kill -USR1 $$; return 1; }; f; echo $?'
check 'trap ignores' 0 'on' 'trap "" TERM; kill -TERM $$; echo on'
check 'trap resets' 0 '143' '$SH -c "trap : TERM; trap - TERM; kill \$\$; echo no"; echo $?'
check 'trap resets by number' 0 '143' '$SH -c "trap : 15; trap 15; kill \$\$; echo no"; echo $?'
check 'traps are not for subshells' 0 '143' 'trap "echo got" TERM; (sh -c "kill \$PPID"; sleep 1; echo no); echo $?'
check 'ignored signals are for utilities' 0 'on' 'trap "" TERM; sh -c "kill \$\$; echo on"'
check 'trap lists' 0 "trap -- 'echo a' INT" 'trap "echo a" INT; trap'
check 'trap EXIT in a subshell' 0 'in
out' 'trap "echo out" EXIT; (trap "echo in" EXIT)'
check 'trap EXIT does not run in a subshell' 0 'x
bye' 'trap "echo bye" EXIT; (echo x)'
check 'trap in a function' 0 'got' 'f() { trap "echo got" USR1; }; f; kill -USR1 $$'
check 'a signal during a utility waits for its end' 0 'a
got' 'trap "echo got" USR1; sh -c "kill -USR1 \$PPID; sleep 0.1; echo a"'
check 'a signal ends wait' 0 '138 got' 'trap "got=got" USR1; sleep 60 & p=$!
(while kill -USR1 $$; do sleep 0.1; done) & k=$!; wait $p; echo $? $got; kill $k $p'
check 'trap of a bad signal' 1 '' 'trap : NOSUCH'
check 'trap with several signals' 0 'g
g' 'trap "echo g" USR1 USR2; kill -USR1 $$; kill -USR2 $$'

# Errors that do not end the shell, and those that do (POSIX 2.8.1)
check 'not found goes on' 0 'on' 'no_such_utility; echo on'
check 'error in a special built-in ends' 2 '' 'shift 9; echo no'
check 'error in another built-in goes on' 0 'on' 'cd /none; echo on'
check 'expansion error ends' 2 '' 'echo ${u:?}; echo no'
check 'expansion error in a subshell' 0 'on' '(echo ${u:?}); echo on'
check 'readonly error ends' 2 '' 'readonly a=1; a=2; echo no'
check 'output error' 0 'failed' 'trap "" PIPE; { { while echo x; do :; done; echo failed >&3; } | true; } 3>&1'
tap_end
