# words.sh - quoting and the expansions (POSIX 2.2, 2.5, 2.6).
. "$(dirname "$0")/tap.sh"

# Quoting
check 'single quotes keep all' 0 'a $b `c` \d "' "echo 'a \$b \`c\` \\\\d \"'"
check 'double quotes expand' 0 'x 5 y' 'a=5; echo "x $a y"'
check 'backslash in double quotes' 0 '$a `b` "c" \d' 'printf "%s\n" "\$a \`b\` \"c\" \d"'
check 'backslash quotes one character' 0 'a  b*' 'echo a\ \ b\*'
check 'backslash newline is removed' 0 'abcd' 'ec\
ho ab\
cd'
check 'backslash newline in double quotes' 0 'ab' 'echo "a\
b"'
check 'newline in single quotes stays' 0 'a
b' "echo 'a
b'"
check 'adjacent quotes join' 0 'abc d' "echo a'b'\"c d\""
check 'empty strings are fields' 0 '3' 'set -- "" '\'\'' ""; echo $#'
check 'unset unquoted is no field' 0 '0' 'set -- $none $none; echo $#'
check 'comment' 0 'a#b c' 'echo a#b c # d'
check 'quoted number is no descriptor' 0 '2' 'echo "2">f; cat f; rm f'

# Parameters
check 'positional parameters' 0 'a b 2' 'echo $1 $2 $#' a b
check 'ten needs braces' 0 'a0 j' 'echo $10 ${10}' a b c d e f g h i j
check 'name ends at another character' 0 '5x 5.' 'a=5; echo ${a}x $a.'
check 'name of the shell' 0 'sh' 'echo $0'
check '"$@" keeps fields' 0 '<a b><c>' 'printf "<%s>" "$@"; echo' 'a b' c
check '$@ unquoted is split' 0 '<a><b><c>' 'printf "<%s>" $@; echo' 'a b' c
check '"$*" joins with the first of IFS' 0 'a b-c' 'IFS=-; echo "$*"' 'a b' c
check '"$*" with empty IFS' 0 'abc' 'IFS=; echo "$*"' a b c
check '"$@" without parameters is nothing' 0 '0' 'set -- "$@"; echo $#'
check '"$@" inside a word' 0 '<xa><b><cy>' 'printf "<%s>" "x$@y"; echo' a b c
check '"$@" keeps empty parameters' 0 '<a><><b>' 'printf "<%s>" "$@"; echo' a '' b
check '$? of a command' 0 '3' '(exit 3); echo $?'
check '$$ is the same in a subshell' 0 'same' '[ $$ = "$(echo $$)" ] && echo same'
check '$! of a background command' 0 'same' 'sleep 0 & p=$!; wait $p; [ "$p" = "$!" ] && echo same'
check '$- shows options' 0 'yes' 'set -f; case $- in *f*) echo yes;; esac'

check ':- with unset, null and set' 0 'd d v' 'n=; s=v; echo ${u:-d} ${n:-d} ${s:-d}'
check '- with unset, null and set' 0 'd  v' 'n=; s=v; echo "${u-d} ${n-d} ${s-d}"'
check ':= assigns' 0 'd d' 'echo ${u:=d} $u'
check '= does not assign to null' 0 '.' 'n=; echo "${n=d}."'
check ':= cannot assign to a number' 2 '' 'echo ${1:=d}'
check ':+ with unset, null and set' 0 '  a' 'n=; s=v; echo "${u:+a} ${n:+a} ${s:+a}"'
check '+ with null' 0 'a' 'n=; echo ${n+a}'
check ':? ends a script' 2 '' 'n=; echo ${n:?gone}; echo no'
check '? with null goes on' 0 '.' 'n=; echo "${n?gone}."'
check 'word is expanded only when needed' 0 'v 1' 'i=1; s=v; echo ${s:-$((i=2))} $i'
check 'word in braces is split' 0 '2' 'set -- ${u:-a b}; echo $#'
check 'quoted word in braces is not' 0 '1' 'set -- "${u:-a b}"; echo $#'
check 'quotes in the word' 0 '<a b><c>' 'printf "<%s>" ${u:-"a b" c}; echo'
check 'nested braces' 0 'deep' 'echo ${a:-${b:-${c:-deep}}}'
check 'closing brace can be quoted' 0 'a}b' 'echo "${u:-a\}b}"'
check 'length' 0 '5 0 3' 'a=hello; n=; set -- 1 2 3; echo ${#a} ${#n} ${#}'
check 'trim suffix' 0 'a.tar a' 'f=a.tar.gz; echo ${f%.*} ${f%%.*}'
check 'trim prefix' 0 'b/c c' 'f=a/b/c; echo ${f#*/} ${f##*/}'
check 'trim does not match' 0 'abc' 'f=abc; echo ${f%x*}'
check 'trim with quoted pattern' 0 'a' 'f="a*"; echo "${f%"*"}"'
check 'trim with pattern in a variable' 0 'file' 'f=file.c; p=.c; echo ${f%$p}'
check 'trim in double quotes' 0 '/usr' 'f=/usr/bin; echo "${f%/*}"'
check 'trim all' 0 '.' 'f=abc; echo "${f##*}."'

# Tilde
check 'tilde is HOME' 0 '/h /h/x' 'HOME=/h; echo ~ ~/x'
check 'quoted tilde is not' 0 '~ ~' 'HOME=/h; echo "~" \~'
check 'tilde in an assignment' 0 '/h/a:/h/b' 'HOME=/h; p=~/a:~/b; echo $p'
check 'tilde in the middle is not' 0 'a~ x=~' 'HOME=/h; echo a~ x=~'
check 'tilde and a user' 0 '/root ~nobody-here' 'echo ~root ~nobody-here'
check 'home is not split' 0 '1' 'HOME="/a b"; set -- ~; echo $#'

# Commands
check 'command substitution' 0 'a b' 'echo $(echo a; echo b)'
check 'substitution drops trailing newlines only' 0 'a

b.' 'echo "$(printf "a\n\nb\n\n\n")."'
check 'nested substitution' 0 'x' 'echo $(echo $(echo $(echo x)))'
check 'backquotes' 0 'a b' 'echo `echo a` b'
check 'nested backquotes' 0 'x' 'echo `echo \`echo x\``'
check 'backquotes and dollar' 0 '$a v' 'a=v; echo `echo \\\$a` `echo $a`'
check 'backquotes in double quotes' 0 'a"b' 'echo "`echo a\\\"b`"'
check 'quotes in a substitution in quotes' 0 'a  b' 'echo "$(echo "a  b")"'
check 'case in a substitution' 0 'yes' 'echo $(case a in a) echo yes;; esac)'
check 'parenthesis in quotes in a substitution' 0 ')' 'echo $(echo ")")'
check 'comment in a substitution' 0 'x' 'echo $(echo x # )
)'
check 'here-document in a substitution' 0 'a b' 'echo $(cat <<E
a
b
E
)'
check 'empty substitution' 0 '.' 'echo $()$( ).'
check 'result is not expanded again' 0 '$HOME' "echo \$(echo '\$HOME')"
check 'status of a substitution' 0 '3' 'a=$(exit 3); echo $?'
check 'status of an empty substitution as a command' 0 '4' '$(exit 4); echo $?'
check 'a large substitution' 0 '20000' '
a=$(i=0; while [ $i -lt 1000 ]; do echo 1234567890123456789; i=$((i+1)); done)
echo $((${#a} + 1))'

# Arithmetic
check 'precedence' 0 '7 9 1' 'echo $((1+2*3)) $(((1+2)*3)) $((7-2*3))'
check 'division and remainder' 0 '3 1 -3 -1' 'echo $((7/2)) $((7%2)) $((-7/2)) $((-7%2))'
check 'comparison and logic' 0 '1 0 1 1 0' 'echo $((1<2)) $((2<=1)) $((1&&2)) $((0||3)) $((!5))'
check 'bits' 0 '1 7 6 16 4 -1' 'echo $((5&3)) $((5|3)) $((5^3)) $((1<<4)) $((16>>2)) $((~0))'
check 'ternary' 0 '2 3' 'echo $((1?2:3)) $((0?2:3))'
check 'constants' 0 '255 8 10' 'echo $((0xff)) $((010)) $((10))'
check 'variables with and without dollar' 0 '6 6' 'a=3; echo $((a+a)) $(($a+$a))'
check 'unset and null are zero' 0 '1 1' 'n=; echo $((u+1)) $((n+1))'
check 'assignment' 0 '5 8 8' 'echo $((a=5)) $((a+=3)) $a'
check 'all assignments' 0 '6 3 1 4 2 3 7 5' '
a=3; echo $((a*=2)) $((a/=2)) $((a%=2)) $((a<<=2)) $((a>>=1)) $((a|=1)) $((a^=4)) $((a&=13))'
check 'short circuit' 0 '0 1' 'a=1; echo $((0 && (a=2))) $a'
check 'unary' 0 '-3 3 0' 'a=3; echo $((-a)) $((- -a)) $((!a))'
check 'expansions inside' 0 '6' 'echo $(( $(echo 2) * ${u:-3} ))'
check 'sixty-four bits' 0 '4611686018427387904' 'echo $((1<<62))'
check 'nested parentheses' 0 '21' 'echo $(( ((1+2)) * (3+(4)) ))'
check 'division by zero' 2 '' 'echo $((1/0)); echo no'
check 'not a number' 2 '' 'a=x+; echo $((a)); echo no'
check 'syntax error in arithmetic' 2 '' 'echo $((1 +)); echo no'

# Fields
check 'default IFS' 0 '<a><b><c>' 'v="  a b
	c "; printf "<%s>" $v; echo'
check 'other IFS' 0 '<a><><b>' 'IFS=:; v=a::b; printf "<%s>" $v; echo'
check 'trailing separator makes no field' 0 '2' 'IFS=:; v=a:b:; set -- $v; echo $#'
check 'leading separator makes one' 0 '<><a>' 'IFS=:; v=:a; printf "<%s>" $v; echo'
check 'white space around another separator' 0 '<a><b><><c>' 'IFS=": "; v="a : b : : c"; printf "<%s>" $v; echo'
check 'empty IFS does not split' 0 '<a b>' 'IFS=; v="a b"; printf "<%s>" $v; echo'
check 'unset IFS is the default' 0 '2' 'unset IFS; v="a b"; set -- $v; echo $#'
check 'literal text is not split' 0 '1' 'IFS=x; set -- axb; echo $#'
check 'a field from parts' 0 '<xa><by>' 'v="a b"; printf "<%s>" x${v}y; echo'
check 'quoted parts hold together' 0 '<a b c><d>' 'v="c d"; printf "<%s>" "a b "$v; echo'
check 'assignments are not split' 0 'a  b' 'v="a  b"; w=$v; echo "$w"'
check 'case words are not split' 0 'yes' 'v="a b"; case $v in "a b") echo yes;; esac'

# File names
check 'star' 0 'a.c b.c' 'mkdir d; cd d; : >a.c; : >b.c; : >c.h; echo *.c; cd ..; rm -r d'
check 'question mark and bracket' 0 'a1 b1 a1 b1 c2' '
mkdir d; cd d; : >a1; : >b1; : >c2; echo ?1 [ab]? [!ab]?; cd ..; rm -r d'
check 'ranges and classes' 0 'a1 a1 B2' '
mkdir d; cd d; : >a1; : >B2; echo [a-c]? [[:lower:]]? [[:upper:]][[:digit:]]
cd ..; rm -r d'
check 'no match stays' 0 '*.none [' 'echo *.none ['
check 'quoted pattern stays' 0 '* ? [a]' 'echo "*" \? "[a]"'
check 'hidden files' 0 'a .b' 'mkdir d; cd d; : >a; : >.b; echo * .b*; cd ..; rm -r d'
check 'directories in patterns' 0 'd/e/x d/f/x' 'mkdir -p d/e d/f; : >d/e/x; : >d/f/x; echo d/*/x; rm -r d'
check 'trailing slash takes directories' 0 'd/e/' 'mkdir -p d/e; : >d/x; echo d/*/; rm -r d'
check 'pattern from a variable' 0 'a.c' 'mkdir d; cd d; : >a.c; p="*.c"; echo $p; cd ..; rm -r d'
check 'names with blanks are one field' 0 '1' 'mkdir d; cd d; : >"a b"; set -- *; echo $#; cd ..; rm -r d'
check 'set -f' 0 '*' 'set -f; echo *'
check 'no patterns in assignments' 0 '*' 'mkdir d; cd d; : >a; v=*; echo "$v"; cd ..; rm -r d'
tap_end
