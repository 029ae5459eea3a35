# edit.sh - programs that look into lines: grep, sed, sort, diff, cmp, od, xargs, expr, test.
. "$(dirname "$0")/tap.sh"

try 'grep' 0 'apple 3
apple 3' 'grep apple fruit'
try 'grep: nothing found' 1 '' 'grep nothing fruit'
try 'grep: trouble' 2 'grep: missing: No such file or directory' 'grep x missing'
try 'grep -s -q: found all the same' 0 '' 'grep -s -q apple missing fruit'
try 'grep -i -n' 0 '5:Date 7' 'grep -in date fruit'
try 'grep -v -c' 0 '3' 'grep -vc apple fruit'
try 'grep -l' 0 'fruit' 'grep -l apple fields fruit'
try 'grep: names of several files' 0 'fruit:cherry 2' 'grep cherry fruit fields'
try 'grep -h' 0 'cherry 2' 'grep -h cherry fruit fields'
try 'grep -E' 0 'cherry 2
Date 7' 'grep -E "^(ch|D)" fruit'
try 'grep -F' 0 'a:b:c' 'grep -F a:b fields'
try 'grep -F: a dot is a dot' 1 '' 'grep -F . fruit'
try 'grep -w' 1 '' 'grep -w app fruit'
try 'grep -x' 0 'none' 'grep -x none fields'
try 'grep -e -e' 0 'banana 10
Date 7' 'grep -e ban -e Dat fruit'
try 'grep -o' 0 'pp
pp' 'grep -o "p*p" fruit'
try 'grep -r' 0 'folder/deep/file:below
folder/file:inside' 'grep -r e folder | sort'
try 'grep: a back reference' 0 'cherry 2' 'grep "\(r\)\1" fruit'
try 'grep: an interval and a class' 0 'apple 3
apple 3' 'grep "ap\{2\}[[:alpha:]]e" fruit'
try 'grep -A, -B' 0 'banana 10
cherry 2
apple 3' 'grep -A1 -B1 cherry fruit'
try 'grep: a bad expression' 2 '2' 'grep -E "(" fruit 2>/dev/null; echo $?; exit 2'
try 'grep: a name that begins with -' 0 '-x' 'printf "%s\n" -x | grep -e -x'

try 'sed s' 0 'Xpple 3
bXnana 10' 'sed s/a/X/ fruit | head -n 2'
try 'sed s///g' 0 'bXnXnX 10' 'sed -n 2p fruit | sed s/a/X/g'
try 'sed s///2' 0 'banXna 10' 'sed -n "2s/a/X/2p" fruit'
try 'sed: groups and &' 0 '[b]a-nana 10' 'sed -n "2s/\(b\)\(a\)/[\1]&-/;2s/]ba-/]a-/p" fruit'
try 'sed -E' 0 'b<an><an>a 10' 'sed -nE "2s/(an)/<\1>/gp" fruit'
try 'sed: addresses' 0 'apple 3
Date 7' 'sed "2,/^a/d" fruit'
try 'sed $, !' 0 'Date 7' "sed '\$!d' fruit"
try 'sed q' 0 'apple 3
banana 10' 'sed 2q fruit'
try 'sed a, i, c' 0 'before
none
after' "printf 'none\n' | sed -e 'i\\
before' -e 'a\\
after'"
try 'sed y' 0 'bpple' 'echo apple | sed y/a/b/'
try 'sed N, D, P' 0 'a+b c' "printf 'a\nb\nc\n' | sed 'N;s/\n/+/' | tr '\n' ' ' | sed 's/ \$//'"
try 'sed G, h, x: lines backwards' 0 'c
b
a' "printf 'a\nb\nc\n' | sed -n '1!G;h;\$p'"
try 'sed: a loop' 0 'a,b,c' "printf 'a\nb\nc\n' | sed ':a
N
\$!ba
s/\n/,/g'"
try 'sed {}' 0 '2
banana 10' 'sed -n "/ban/{=;p;}" fruit'
try 'sed: matches of nothing' 0 '-n-o-' 'printf no | sed "s/x*/-/g"'
try 'sed: another delimiter' 0 '/a' 'echo a | sed "s|a|/&|"'
try 'sed -i' 0 'X' 'echo a >t; sed -i s/a/X/ t; cat t'
try 'sed: the last line without a newline' 0 'no newlinE+' 'sed "s/e$/E/" partial; echo +'
try 'sed: an unknown command' 1 '1' 'sed k fruit 2>/dev/null; echo $?; exit 1'
try 'sed: a missing file' 2 "sed: can't read missing: No such file or directory" 'sed p missing'

try 'sort' 0 'Date 7
apple 3
apple 3
banana 10
cherry 2' 'LC_ALL=C sort fruit'
try 'sort -r -u' 0 'cherry 2
banana 10
apple 3
Date 7' 'LC_ALL=C sort -ru fruit'
try 'sort -k -n' 0 'cherry 2
apple 3
apple 3
Date 7
banana 10' 'sort -k 2n fruit'
try 'sort -t: an empty field comes first' 0 'none
x:a:z
x:b:y' "printf 'x:b:y\nnone\nx:a:z\n' | sort -t : -k 2,2"
try 'sort -n: signs and fractions' 0 '-2 -1.5 0 0.5 3 20' "echo \$(printf '3\n20\n-1.5\n0.5\n-2\n0\n' | sort -n)"
try 'sort -f -s' 0 'a B b c' "echo \$(printf 'c\nB\nb\na\n' | sort -f -s)"
try 'sort -o the input' 0 'a
b' "printf 'b\na\n' >t; sort -o t t; cat t"
try 'sort -c' 1 'sort: t:2: disorder: a' "printf 'b\na\n' >t; sort -c t"
try 'sort: a missing file' 2 '' 'sort missing 2>/dev/null'

try 'diff: the same' 0 '' 'diff fruit fruit'
try 'diff: a change, an addition, a removal' 1 '1c1
< apple 3
---
> X
3d2
< cherry 2
5a5
> end' "sed '1s/.*/X/;3d' fruit >t; echo end >>t; diff fruit t"
try 'diff -u' 1 '@@ -1,3 +1,3 @@
 a
-b
+B
 c' "printf 'a\nb\nc\n' >t1; printf 'a\nB\nc\n' >t2; diff -u t1 t2 >t; status=\$?; tail -n +3 t; exit \$status"
try 'diff: no newline at the end' 1 '1c1
< no newline
\ No newline at end of file
---
> no newline' "echo 'no newline' >t; diff partial t"
try 'diff -q' 1 'Files fruit and fields differ' 'diff -q fruit fields'
try 'diff: trouble' 2 'diff: missing: No such file or directory' 'diff fruit missing'
try 'cmp: the same' 0 '' 'cmp fruit fruit'
try 'cmp: different' 1 'fruit fields differ: 2, line 1' 'cmp fruit fields | sed "s/byte //;s/char //"; exit 1'
try 'cmp -s' 1 '' 'cmp -s fruit fields'
try 'cmp: an end' 1 'cmp: EOF on empty which is empty' 'cmp fruit empty'
try 'cmp: trouble' 2 'cmp: missing: No such file or directory' 'cmp fruit missing'

try 'od -c' 0 '0000000   a  \n  \0
0000003' "printf 'a\n\0' | od -c"
try 'od -A x -t x1' 0 '000000 6e 6f 20 6e 65 77 6c 69 6e 65
00000a' 'od -A x -t x1 partial'
try 'od: lines that repeat' 0 '0000000 000000 000000 000000 000000 000000 000000 000000 000000
*
0000100' 'head -c 64 /dev/zero | od'
try 'hexdump -C' 0 '00000000  6e 6f 20 6e 65 77 6c 69  6e 65                    |no newline|
0000000a' 'hexdump -C partial'
try 'cksum' 0 '930766865 9' 'printf 123456789 | cksum'
try 'sha256sum' 0 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -' 'printf abc | sha256sum'
try 'sha256sum -c' 1 'fruit: OK
empty: FAILED' 'sha256sum fruit empty | sed "2s/^./0/" >sums; sha256sum -c sums 2>/dev/null'

try 'xargs' 0 'a b c' "printf 'a b\nc\n' | xargs"
try 'xargs -n' 0 'x a b
x c' 'echo a b c | xargs -n 2 echo x'
try 'xargs -I' 0 '<a b>
<c>' "printf 'a b\nc\n' | xargs -I % echo '<%>'"
try 'xargs -0' 0 'a b|c' "printf 'a b\0c\0' | xargs -0 printf '%s|%s'"
try 'xargs: quotes' 0 'a b
c d' "echo \"'a b' c\\\\ d\" | xargs -n 1"
try 'xargs: without arguments' 0 'x' 'echo x | xargs echo; xargs -r echo no'
try 'xargs: a failure' 123 '' 'echo a | xargs false'
try 'xargs: no such command' 127 '' 'echo a | xargs no-such-command 2>/dev/null'

try 'expr: precedence' 0 '7' "expr 1 + 2 '*' 3"
try 'expr: false' 1 '0' 'expr 1 - 1'
try 'expr: a match' 0 'b' "expr abc : 'a\\(.\\)c'"
try 'expr: the length of a match' 0 '2' "expr abc : ab"
try 'expr: by zero' 2 'expr: division by zero' 'expr 1 / 0'
try 'expr: texts and numbers' 0 '0
1' "expr a '>' b; expr 10 '>' 9"
try 'test: files' 0 '' 'env test -f fruit && env test -d folder && env test ! -e missing && env test -s fruit'
try 'test: numbers and texts' 0 '' 'env test 2 -lt 10 && env test a != b && env test -n a && env test -z ""'
try 'test: false' 1 '' 'env test 2 -gt 10'
try 'test: -a, -o, parentheses' 0 '' 'env test "(" a = b -o c = c ")" -a ! -d fruit'
try 'test: what three arguments mean' 0 '' 'env test ! = x || env test "(" = "("'
try 'test: trouble' 2 '' 'env test x -eq 1 2>/dev/null'
tap_end
