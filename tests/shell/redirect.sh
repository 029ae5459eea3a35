# redirect.sh - redirections and here-documents (POSIX 2.7).
. "$(dirname "$0")/tap.sh"

check 'output and input' 0 'a' 'echo a >f; cat <f; rm f'
check 'output truncates' 0 'b' 'echo aaa >f; echo b >f; cat f; rm f'
check 'append' 0 'a
b' 'echo a >f; echo b >>f; cat f; rm f'
check 'standard error' 0 'e' '{ echo o; echo e >&2; } 2>f >/dev/null; cat f; rm f'
check 'both to a file' 0 'o
e' '{ echo o; echo e >&2; } >f 2>&1; cat f; rm f'
check 'the order counts' 0 'e' '{ echo e >&2; } 2>&1 >/dev/null'
check 'swap' 0 'e' '{ echo o; echo e >&2; } 3>&1 >/dev/null 2>&3 3>&-'
check 'close' 1 '' 'echo x >&-'
check 'other descriptors' 0 'a b' '
exec 3>f; echo a >&3; echo b >&3; exec 3>&-; exec 4<f; read x <&4; read y <&4
echo $x $y; rm f'
check 'read and write' 0 'a' 'exec 3<>f; echo a >&3; cat f; rm f'
check 'redirection without a command' 0 '0' '>f; wc -c <f | tr -d " "; rm f'
check 'redirection before the command' 0 'x' '>f echo x; cat f; rm f'
check 'redirection of a built-in is undone' 0 'b' 'echo a >/dev/null; echo b'
check 'redirection of a function' 0 'x' 'f() { echo x; }; f >g; cat g; rm g'
check 'redirection of a subshell' 0 'x' '(echo x) >g; cat g; rm g'
check 'target is expanded' 0 'x' 'n=f; echo x >$n.1; cat f.1; rm f.1'
check 'missing file' 0 'failed' 'cat </no/such/file || echo failed'
check 'missing file for a built-in' 0 'failed' 'read x </no/such/file || echo failed'
check 'missing file for a special built-in' 2 '' ': </no/such/file; echo no'
check 'missing file for a compound command' 0 'failed' '{ echo no; } </no/such/file || echo failed'
check 'bad descriptor' 0 'failed' 'cat <&9 || echo failed'
check 'noclobber' 0 'failed
a' 'echo a >f; set -C; { echo b >f; } || echo failed; cat f; rm f'
check 'noclobber can be told' 0 'b' 'echo a >f; set -C; echo b >|f; cat f; rm f'
check 'noclobber lets devices be' 0 'x' 'set -C; echo a >/dev/null && echo x'
check 'exec keeps' 0 '' 'exec >/dev/null; echo x'
check 'exec replaces the shell' 0 'x' 'exec echo x; echo no'
check 'exec with a redirection' 0 'x' '(exec echo x >f; echo no); cat f; rm f'
check 'number must touch the operator' 0 '2' 'echo 2 >f; cat f; rm f'
check 'redirection in a condition' 0 'yes' 'echo a >f; if grep -q a <f; then echo yes; fi; rm f'
check 'saved descriptors are not seen' 0 'closed' '{ (echo x >&10) 2>/dev/null || echo closed; } >f; cat f; rm f'

check 'closed standard input' 0 'a b' 'exec <&-; x=$(echo b | cat | cat); echo a $x'
check 'closed standard output' 0 'a b' 'x=$(exec 3>&1 >&-; { echo a | cat; } >&3); echo $x b'
check 'all closed' 0 'x' 'exec 3>&1 <&- >&- 2>&-; echo x | cat | cat >&3'
check 'a pipeline within closed descriptors' 0 'b' 'exec 3>&1 <&- >&-; a=$(echo b | tr b b); echo $a >&3'

check 'here-document' 0 'a
b' 'cat <<E
a
b
E'
check 'expansion in a here-document' 0 '5 x 6 $v' 'v=5; cat <<E
$v $(echo x) $((v+1)) \$v
E'
check 'quoted delimiter' 0 '$v \$ `x`' "cat <<'E'
\$v \\\$ \`x\`
E"
check 'quotes are plain in a here-document' 0 "\"a\" 'b'" "cat <<E
\"a\" 'b'
E"
check 'tabs' 0 'a
b' 'cat <<-E
		a
	b
	E'
check 'two here-documents' 0 'a
b' 'cat <<A; cat <<B
a
A
b
B'
check 'line continuation in a here-document' 0 'ab' 'cat <<E
a\
b
E'
check 'empty here-document' 0 '0' 'wc -c <<E | tr -d " "
E'
check 'here-document for a loop' 0 '[a][b]' 'while read l; do printf "[%s]" $l; done <<E
a
b
E
echo'
check 'here-document without its end' 0 'a' 'cat <<E
a'
check 'here-document and pipeline' 0 'A' 'cat <<E | tr a A
a
E'
check 'here-document in a function' 0 '1
2' 'f() { cat <<E
$1
E
}
f 1; f 2'
check 'a large here-document' 0 '100001' '
a=xxxxxxxxxx; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a
cat <<E | wc -c | tr -d " "
$a
E'
check 'delimiter inside a line is text' 0 'xE
E x' 'cat <<E
xE
E x
E'
tap_end
