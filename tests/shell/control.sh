# control.sh - lists, pipelines, compound commands, functions (POSIX 2.9).
. "$(dirname "$0")/tap.sh"

# Lists
check 'sequence' 0 'a
b' 'echo a; echo b'
check 'and' 1 'a' 'true && echo a; false && echo b'
check 'or' 0 'b' 'true || echo a; false || echo b'
check 'and, or from the left' 0 'c' 'true || echo a && echo c'
check 'newline behind an operator' 0 'x' 'true &&

echo x'
check 'not' 0 '1 0' '! true; a=$?; ! false; echo $a $?'
check 'background and wait' 0 'a
b' 'mkfifo go; { read x <go; echo b; } & echo a; : >go; wait; rm go'
check 'status of a background list' 0 '0' 'false & echo $?'
check 'background input is empty' 0 '.' 'echo text | { cat & wait; echo .; }'

# Pipelines
check 'pipeline' 0 'A' 'echo a | tr a-z A-Z'
check 'three parts' 0 '2' 'printf "b\na\nb\n" | sort -u | wc -l | tr -d " "'
check 'status is that of the last' 0 '0 1' 'false | true; a=$?; true | false; echo $a $?'
check 'not with a pipeline' 0 '0' '! true | false; echo $?'
check 'a compound command in a pipeline' 0 '1
2' 'for i in 2 1; do echo $i; done | sort'
check 'variables set in a pipeline are lost' 0 'a' 'v=a; echo b | read v; echo $v'
check 'while read' 0 '[a][b]' 'printf "a\nb\n" | while read l; do printf "[%s]" $l; done; echo'
check 'a reader that ends early' 0 'y' 'while :; do echo y; done | head -n 1'
check 'a built-in at both ends' 0 'got x' 'echo x | { read a; echo got $a; }'

# Compound commands
check 'group' 0 'a
b' '{ echo a; echo b; }'
check 'subshell keeps changes to itself' 0 'in out' 'v=out; (v=in; printf "%s " $v); echo $v'
check 'subshell and directory' 0 'same' 'a=$(pwd); (cd /); [ "$a" = "$(pwd)" ] && echo same'
check 'exit in a subshell' 0 '7' '(exit 7; echo no); echo $?'
check 'nested subshells' 0 'x' '( ( (echo x) ) )'
check 'if' 0 'yes' 'if true; then echo yes; else echo no; fi'
check 'else' 0 'no' 'if false; then echo yes; else echo no; fi'
check 'elif' 0 '2' 'if false; then echo 1; elif true; then echo 2; else echo 3; fi'
check 'if without a true part' 0 '0' 'if false; then echo 1; fi; echo $?'
check 'list as a condition' 0 'x' 'if false; true; then echo x; fi'
check 'while' 0 '0 1 2 ' 'i=0; while [ $i -lt 3 ]; do printf "%s " $i; i=$((i+1)); done'
check 'until' 0 '0 1 2 ' 'i=0; until [ $i -ge 3 ]; do printf "%s " $i; i=$((i+1)); done'
check 'status of a loop that never ran' 0 '0' 'while false; do :; done; echo $?'
check 'status of a loop is that of its last body' 0 '5' 'i=0; while [ $i -lt 1 ]; do i=1; (exit 5); done; echo $?'
check 'for' 0 '<a><b c>' 'for i in a "b c"; do printf "<%s>" "$i"; done; echo'
check 'for over parameters' 0 '<a b><c>' 'for i; do printf "<%s>" "$i"; done; echo' 'a b' c
check 'for over nothing' 0 'end' 'for i in; do echo $i; done; echo end'
check 'for in several lines' 0 'a
b' 'for i in a b
do
    echo $i
done'
check 'for leaves its variable' 0 'b' 'for i in a b; do :; done; echo $i'
check 'break' 0 '12' 'for i in 1 2 3 4; do [ $i = 3 ] && break; printf $i; done; echo'
check 'continue' 0 '124' 'for i in 1 2 3 4; do [ $i = 3 ] && continue; printf $i; done; echo'
check 'break 2' 0 '1a2a' '
for i in 1 2 3; do for j in a b; do [ $i = 3 ] && break 2; [ $j = b ] && continue
printf $i$j; done; done; echo'
check 'continue 2' 0 '1a2a3a' '
for i in 1 2 3; do for j in a b; do [ $j = b ] && continue 2; printf $i$j; done; done
echo'
check 'break beyond the outermost loop' 0 'x' 'for i in 1 2; do break 9; echo no; done; echo x'
check 'break in a condition' 0 'x' 'while break; do echo no; done; echo x'
check 'case' 0 'two' 'case b in a) echo one;; b) echo two;; *) echo other;; esac'
check 'case with alternatives' 0 'x' 'case c in a|b) ;; c|d) echo x;; esac'
check 'case with an open parenthesis' 0 'x' 'case a in (a) echo x;; esac'
check 'case without a match' 0 '0' 'case x in a) echo a;; esac; echo $?'
check 'case takes the first match' 0 '1' 'case abc in a*) echo 1;; *c) echo 2;; esac'
check 'case with a quoted pattern' 0 'star' 'case "*" in a) echo a;; "*") echo star;; esac'
check 'case pattern from a variable' 0 'yes' 'p="a*"; case abc in $p) echo yes;; esac'
check 'case brackets' 0 'digit' 'case 5 in [!0-9]) echo other;; [0-9]) echo digit;; esac'
check 'case without the last separator' 0 'x' 'case a in a) echo x
esac'
check 'empty case' 0 '0' 'case a in esac; echo $?'
check 'empty body in case' 0 '0' 'case a in a) ;; esac; echo $?'
check 'reserved words as arguments' 0 'if then fi do done { }' 'echo if then fi do done { }'
check 'reserved words as case words' 0 'x' 'case if in if) echo x;; esac'
check 'redirection of a loop' 0 'a
b' 'for i in a b; do echo $i; done >f; cat f; rm f'
check 'deep nesting' 0 'x' '
if true; then while true; do for i in 1; do case 1 in 1) { (echo x); }; break 2;; esac; done; done
fi'

# Functions
check 'function' 0 'hi a 1' 'f() { echo hi $1 $#; }; f a'
check 'function with the parameters put back' 0 'x
a b' 'f() { echo $1; }; f x; echo $*' a b
check 'return' 0 '4' 'f() { return 4; echo no; }; f; echo $?'
check 'return without a status' 0 '1' 'f() { false; return; }; f; echo $?'
check 'return from a loop' 0 '1' 'f() { for i in 1 2 3; do return $i; done; }; f; echo $?'
check 'recursion' 0 '120' 'f() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(f $(($1 - 1))))); fi; }; f 5'
check 'redefinition while running' 0 'a
b' 'f() { f() { echo b; }; echo a; }; f; f'
check 'function is a subshell' 0 'out' 'v=out; f() (v=in); f; echo $v'
check 'function with a redirection' 0 'x' 'f() { echo x; } >f1; f; cat f1; rm f1'
check 'function before a utility' 0 'mine' 'cat() { echo mine; }; cat'
check 'function before a built-in' 0 'mine' 'pwd() { echo mine; }; pwd'
check 'unset -f' 127 'x' 'nosuch() { echo x; }; nosuch; unset -f nosuch; nosuch'
check 'assignment before a function' 0 'in' 'f() { echo $v; }; v=in f'
check 'local' 0 'in out' 'v=out; f() { local v=in; printf "%s " $v; }; f; echo $v'
check 'break in a function' 0 '1' 'for i in 1 2; do echo $i; f() { for j in a b; do break; done; }; f; break; done'
check 'body on the next line' 0 'x' 'f()
{
    echo x
}
f'
check 'endless recursion is an error' 0 'alive' '(f() { f; }; f) >/dev/null; echo alive'

# Simple commands
check 'assignment for one command' 0 'a
.' 'v=a sh -c "echo \$v"; echo $v.'
check 'assignments in order' 0 '1 1' 'a=1 b=$a; echo $a $b'
check 'assignment to a special built-in stays' 0 'x' 'v=x :; echo $v'
check 'assignment to another built-in does not' 0 '.' 'v=x true; echo $v.'
check 'assignment behind the command is an argument' 0 'a=b' 'echo a=b'
check 'not found' 127 '' '/no/such/file'
check 'not found on the path' 127 '' 'no_such_utility'
check 'not executable' 126 '' ': >f; chmod -x f; ./f'
check 'a directory' 126 '' '/tmp'
check 'command from a variable' 0 'x' 'c=echo; $c x'
check 'empty command from a variable' 0 'x' '$none echo x'
check 'killed by a signal' 0 '143' 'sh -c "kill \$\$"; echo $?'
check 'a script without #!' 0 'arg a' 'echo "echo arg \$1" >s; chmod +x s; ./s a; rm s'
check 'a script with #!' 0 'arg a' 'echo "#!$SH
echo arg \$1" >s; chmod +x s; ./s a; rm s'
check 'a very long line' 0 '10000' '
a=xxxxxxxxxx; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a
echo $a | { read b; echo ${#b}; }'
tap_end
