# builtins.sh - the built-in commands.
. "$(dirname "$0")/tap.sh"

# echo, printf, test
check 'echo -n' 0 'ab' 'echo -n a; echo b'
check 'echo escapes' 0 'a	b' 'echo "a\tb"'
check 'echo \c' 0 'ab' 'echo "a\cx"; echo b'
check 'printf strings' 0 '[a][  b][c  ][de]' 'printf "[%s][%3s][%-3s][%.2s]\n" a b c def'
check 'printf numbers' 0 '[5][  5][005][+5][-5]' 'printf "[%d][%3d][%03d][%+d][%i]\n" 5 5 5 5 -5'
check 'printf bases' 0 '[377][ff][FF][0xff]' 'printf "[%o][%x][%X][%#x]\n" 255 255 255 0xff'
check 'printf characters' 0 '[a][%][65]' 'printf "[%c][%%][%d]\n" abc "'\''A"'
check 'printf repeats its format' 0 'a-b-c-' 'printf "%s-" a b c; echo'
check 'printf without arguments' 0 '[][0]' 'printf "[%s][%d]\n"'
check 'printf escapes' 0 'a
b	cA' 'printf "a\nb\tc\101\n"'
check 'printf %b' 0 'a	b\n' 'printf "%b%s\n" "a\tb" "\n"'
check 'printf with *' 0 '[    a][b    ]' 'printf "[%*s][%*s]\n" 5 a -5 b'
check 'printf bad number' 1 '0' 'printf "%d\n" x'
check 'printf of floating numbers is the utility' 0 '[ 3.14][1.0%e][x]' 'printf "[%5.2f][%.1f%%e][%s]\n" 3.14 1 x'
check 'printf of floating numbers, redirected' 0 '2.50' 'printf -- "%.2f\n" 2.5 >f; cat f; rm f'
check 'test strings' 0 '0 1 0 1' '[ a = a ]; a=$?; [ a = b ]; b=$?; [ a != b ]; c=$?; [ a != a ]; echo $a $b $c $?'
check 'test lengths' 0 '0 1 1 0' 'test -n a; a=$?; test -n ""; b=$?; test -z a; c=$?; test -z ""; echo $a $b $c $?'
check 'test numbers' 0 'ok' '
[ 1 -lt 2 ] && [ 2 -gt 1 ] && [ 2 -ge 2 ] && [ 2 -le 2 ] && [ 2 -eq 2 ] && [ 1 -ne 2 ] && [ -1 -lt 0 ] && echo ok'
check 'test files' 0 'ok' '
: >f; [ -f f ] && [ -e f ] && [ ! -s f ] && [ -d . ] && [ ! -d f ] && [ -r f ] && [ -w f ] &&
[ ! -x f ] && rm f && [ ! -e f ] && echo ok'
check 'test links and pipes' 0 'ok' 'ln -s x l; [ -h l ] && [ -L l ] && [ ! -e l ] && rm l && echo ok'
check 'test with odd operands' 0 '0 0 1 0' '
[ ! = ! ]; a=$?; [ "(" = "(" ]; b=$?; [ ! a ]; c=$?; [ -n ]; echo $a $b $c $?'
check 'test -a -o ( )' 0 'ok' '
[ a = a -a b = b ] && [ a = b -o b = b ] && [ \( a = b -o b = b \) -a c = c ] && echo ok'
check 'test of nothing' 1 '' 'test'
check 'test errors' 0 '2 2' '[ a -eq 1 ]; a=$?; [ a; echo $a $?'

# variables
check 'export' 0 'x' 'export v=x; sh -c "echo \$v"'
check 'not exported' 0 '.' 'v=x; sh -c "echo \$v."'
check 'export -p can be read again' 0 "a'b" "
export v=\"a'b\"; p=\$(export -p | grep ' v='); unset v; eval \"\$p\"; echo \"\$v\""
check 'readonly' 2 'x' 'readonly v=x; echo $v; v=y; echo no'
check 'unset a readonly variable' 2 '' 'readonly v=x; unset v; echo no'
check 'unset' 0 'u' 'v=x; unset v; echo ${v-u}'
check 'unset what is not set' 0 '0' 'unset nothing; echo $?'
check 'set the parameters' 0 'b 2' 'set -- a b; echo $2 $#'
check 'set -- clears' 0 '0' 'set --; echo $#' a b
check 'set a value with a dash' 0 '-a' 'set -- -a; echo $1'
check 'set lists variables' 0 "v='a b'" 'v="a b"; set | grep "^v="'
check 'shift' 0 'b 1' 'shift; echo $1 $#' a b
check 'shift n' 0 'c' 'shift 2; echo $*' a b c
check 'shift too far' 2 '' 'shift 3; echo no' a
check 'allexport' 0 'x' 'set -a; v=x; sh -c "echo \$v"'
check 'getopts' 0 'a.b(x).c(y).3' '
while getopts ab:c: o; do case $o in a) printf a.;; b) printf "b(%s)." $OPTARG;; c) printf "c(%s)." $OPTARG;; esac; done
shift $((OPTIND-1)); echo $#' -ab x -cy -- 1 2 3
check 'getopts with a bad option' 0 '? ' 'getopts a o; echo "$o $OPTARG"' -x
check 'getopts silent' 0 '? x
: b' 'getopts :ab: o; echo "$o $OPTARG"; getopts :ab: o; echo "$o $OPTARG"' -xb
check 'getopts ends' 1 '' 'getopts a o' x
check 'getopts again' 0 'aa' 'getopts a o -a; printf $o; OPTIND=1; getopts a o -a; echo $o'

# read
check 'read' 0 '<a><b c>' 'echo "a b c" | { read x y; echo "<$x><$y>"; }'
check 'read and white space' 0 '<a b>' 'echo "  a b  " | { read x; echo "<$x>"; }'
check 'read too few' 0 '<a><>' 'echo a | { read x y; echo "<$x><$y>"; }'
check 'read with IFS' 0 '<a><b:c>' 'echo a:b:c | { IFS=: read x y; echo "<$x><$y>"; }'
check 'read and a lone separator' 0 '<a><b>' 'echo a:b: | { IFS=: read x y; echo "<$x><$y>"; }'
check 'read backslash' 0 '<a b>' 'echo "a\\\\ b" | { read x y; echo "<$x$y>"; }'
check 'read continuation' 0 'ab' 'printf "a\\\\\nb\n" | { read x; echo $x; }'
check 'read -r' 0 'a\b' 'printf "%s\n" "a\\b" | { read -r x; printf "%s\n" "$x"; }'
check 'read at the end' 0 '1 ' 'read x </dev/null; echo "$? $x"'
check 'read a part of a line' 0 '1 ab' 'printf ab | { read x; echo "$? $x"; }'
check 'read leaves the rest' 0 'a
b' 'printf "a\nb\n" | { read x; echo $x; cat; }'
check 'read with empty IFS' 0 '<  a  >' 'echo "  a  " | { IFS= read x; echo "<$x>"; }'

# control
check 'eval' 0 'x' 'a="echo x"; eval "$a"'
check 'eval joins' 0 'a b' 'eval echo "a  b"'
check 'eval nothing' 0 '0' 'false; eval; echo $?'
check 'eval sees the status' 0 '1' 'false; eval "echo \$?"'
check 'dot' 0 'x 5' 'echo "v=5; echo x \$v" >s; . ./s; rm s'
check 'dot and return' 0 '3 on' 'echo "return 3; echo no" >s; . ./s; echo $? on; rm s'
check 'dot on the path' 0 'x' 'echo "echo x" >s; PATH=.:$PATH; . s; rm s'
check 'dot a missing file' 2 '' '. ./none; echo no'
check 'exit' 5 'a' 'echo a; exit 5; echo no'
check 'exit with the last status' 1 '' 'false; exit'
check 'exit in a function' 6 '' 'f() { exit 6; }; f; echo no'
check 'colon, true and false' 0 '0 0 1' ': $u; a=$?; true; b=$?; false; echo $a $b $?'
check 'command goes past functions' 0 'real' 'echo() { :; }; command echo real'
check 'command -v' 0 'echo
f' 'f() { :; }; command -v echo; command -v f'
check 'command -v of nothing' 127 '' 'command -v no_such_utility'
check 'command -v of a utility' 0 'found' 'p=$(command -v cat); [ -x "$p" ] && echo found'
check 'command softens special built-ins' 0 'alive' 'command . ./none; echo alive'
check 'type' 0 'yes' 'type echo | grep -q builtin && echo yes'
check 'alias' 0 'x y' 'alias e="echo x"
e y'
check 'alias of itself' 0 'x' 'alias echo="echo"
echo x'
check 'alias that ends in a blank' 0 'b' 'alias e="echo " a=b
e a'
check 'alias is not for quoted words' 127 '' 'alias nosuch="echo x"
\nosuch'
check 'alias of a reserved word' 0 'yes' 'alias maybe="if true; then"
maybe echo yes; fi'
check 'unalias' 127 '' 'alias nosuch="echo x"
unalias nosuch
nosuch'
check 'alias prints' 0 "a='b c'" 'alias a="b c"; alias a'
check 'times' 0 '2' 'times | wc -l | tr -d " "'
check 'hash' 0 '1' 'hash cat; hash no_such_utility; echo $?'

# system
check 'cd and pwd' 0 '/' 'cd /; pwd'
check 'cd and PWD' 0 '/ /tmp' 'cd /tmp; cd /; echo $PWD $OLDPWD'
check 'cd -' 0 '/tmp' 'cd /tmp; cd /; cd -'
check 'cd home' 0 '/tmp' 'HOME=/tmp; cd; pwd'
check 'cd dot dot' 0 '/' 'cd /tmp; cd ..; pwd'
check 'cd through a link' 0 'd/l d/e' '
mkdir -p d/e; ln -s e d/l; b=$(pwd); cd d/l; a=$(pwd); c=$(pwd -P); echo ${a#$b/} d/${c##*/}
cd ..; case $(pwd) in */d) ;; *) echo no;; esac; cd ..; rm -r d'
check 'cd, pwd and PWD where a path is longer than 1024 bytes' 0 'deep
deep
up
down' '
top=$(pwd); i=0; while [ $i -lt 150 ]; do mkdir level-0123; cd level-0123; i=$((i + 1)); done
a=$(pwd); [ ${#a} -gt 1650 ] && [ "$a" = "$PWD" ] && echo deep; [ "$(pwd -P)" = "$(env pwd)" ] && echo deep
cd ..; cd ../..; [ "$(pwd)" = "${a%/*/*/*}" ] && echo up
cd level-0123/level-0123; cd ./level-0123; [ "$PWD" = "$a" ] && echo down; cd "$top"; rm -r level-0123'
check 'cd to nowhere' 2 '' 'cd /no/such/directory'
check 'CDPATH' 0 'found' '
mkdir -p d/e; CDPATH=$(pwd)/d; cd e >/dev/null; case $PWD in */d/e) echo found;; esac
cd ../..; rm -r d'
check 'umask' 0 '0027
u=rwx,g=rx,o=' 'umask 027; umask; umask -S'
check 'umask with letters' 0 '0022' 'umask 0; umask go-w; umask'
check 'ulimit' 0 '64' 'ulimit -n 64; ulimit -n'
check 'kill -l' 0 'HUP
TERM
INT' 'kill -l 1; kill -l 15; kill -l 130'
check 'kill' 0 '143' 'sleep 60 & kill $!; wait $!; echo $?'
check 'kill with a name' 0 '137' 'sleep 60 & kill -KILL $!; wait $!; echo $?'
check 'kill -s' 0 '129' 'sleep 60 & kill -s HUP $!; wait $!; echo $?'
check 'kill with a real-time signal' 0 '163' '(trap : RTMIN; exec sleep 60) & kill -RTMIN+1 $!; wait $!; echo $?'
check 'kill -l of real-time signals' 0 'RTMIN RTMIN+3 RTMAX' 'echo $(kill -l 34; kill -l 37; kill -l 64)'
check 'kill -s with a bad real-time signal' 2 '' 'kill -s RTMIN+31 $$'
beyond_dash check 'kill -l by name' 0 '1 35 64 63 29' 'echo $(kill -l HUP RTMIN+1 RTMAX RTMAX-1 POLL)'
check 'kill 0 asks' 0 '0 1' 'kill -0 $$; a=$?; sleep 0 & wait; kill -0 $!; echo $a $?'
check 'wait' 0 '3 4' '(exit 3) & a=$!; (exit 4) & b=$!; wait $a; x=$?; wait $b; echo $x $?'
check 'wait for all' 0 '0' '(exit 3) & wait; echo $?'
check 'wait for a stranger' 0 '127' 'wait 1; echo $?'
beyond_dash check 'jobs in a command substitution' 0 'yes' 'sleep 60 & [ "$(jobs -p)" = $! ] && echo yes; kill $!'
beyond_dash check 'jobs in a pipeline' 0 '1' 'sleep 60 & jobs | grep -c sleep; kill $!'
beyond_dash check 'jobs in a subshell with its own' 0 '1' 'sleep 60 & (sleep 60 & jobs | wc -l; kill $!); kill $!'
check 'jobs without control' 0 '0' 'sleep 0.1 & jobs >/dev/null; echo $?; wait'
tap_end
