# text.sh - filters that pass text on: cat, head, tail, wc, cut, tr, tee, uniq, seq, echo, printf, yes.
. "$(dirname "$0")/tap.sh"

try 'cat: several files' 0 'no newlinea:b:c
d:e
none
:x:' 'cat partial fields'
try 'cat -n: goes on through the files' 0 '     1	no newlinea:b:c
     2	d:e
     3	none
     4	:x:' 'cat -n partial fields'
try 'cat: - is standard input' 0 'x
no newline' 'echo x | cat - partial'
try 'cat: a missing file, and the rest' 1 'cat: missing: No such file or directory
no newline' 'cat missing partial'
try 'cat: a directory' 1 'cat: folder: Is a directory' 'cat folder'
try 'cat: a name behind --' 0 'x' 'echo x >./-n; cat -- -n; rm ./-n'
try 'cat: 100000 bytes through a pipe' 0 '100000' 'head -c 100000 /dev/zero | cat | wc -c'
try 'head: ten lines' 0 '10' 'seq 20 | head | tail -n 1'
try 'head -n' 0 'apple 3
banana 10' 'head -n 2 fruit'
try 'head -2' 0 'apple 3
banana 10' 'head -2 fruit'
try 'head -n -N: all but the last' 0 'apple 3' 'head -n -4 fruit'
try 'head -c' 0 'appl' 'head -c 4 fruit'
try 'head: headings' 0 '==> partial <==
no newline
==> fields <==
a:b:c' 'head -n 1 partial fields'
try 'head -q' 0 'apple 3
a:b:c' 'head -q -n 1 fruit fields'
try 'tail -n' 0 'apple 3
Date 7' 'tail -n 2 fruit'
try 'tail -n +N' 0 'Date 7' 'tail -n +5 fruit'
try 'tail -c' 0 'e 7' 'tail -c 4 fruit'
try 'tail -c +N' 0 'newline' 'tail -c +4 partial'
try 'tail: of a pipe' 0 '20' 'seq 20 | tail -1'
try 'wc: three counts' 0 ' 5 10 42 fruit' 'wc fruit'
try 'wc: a total' 0 ' 5 10 42 fruit
 4  4 19 fields
 9 14 61 total' 'wc fruit fields'
try 'wc -l' 0 '5 fruit' 'wc -l fruit'
try 'wc -w of a pipe' 0 '10' 'cat fruit | wc -w'
try 'wc: a missing file' 1 'wc: missing: No such file or directory' 'wc missing'
try 'cut -d -f' 0 'b
e
none
x' 'cut -d : -f 2 fields'
try 'cut -f: ranges' 0 'a:b:c
d:e
none
:x:' 'cut -d: -f1,2- fields'
try 'cut -s' 0 'a
d
+' 'cut -s -d: -f1 fields | sed "s/^$/+/"'
try 'cut -c' 0 'ape
bnn
cer
ape
Dt ' 'cut -c 1,3-3,5 fruit'
try 'cut: position 0' 1 'cut: byte/character positions are numbered from 1' 'cut -c 0 fruit 2>&1 | head -n 1; exit 1'
try 'tr: ranges' 0 'APPLE 3' 'head -n 1 fruit | tr a-z A-Z'
try 'tr: classes' 0 'APPLE 3' 'head -n 1 fruit | tr "[:lower:]" "[:upper:]"'
try 'tr -d' 0 'bnn 10' 'sed -n 2p fruit | tr -d a'
try 'tr -s' 0 'aple 3' 'head -n 1 fruit | tr -s p'
try 'tr -cs: words' 0 'no
newline' 'tr -cs a-z "\n" <partial'
try 'tr: a short second set' 0 'xbxx' 'printf abcd | tr acd x'
try 'tee: copies' 0 'x
x
x' 'echo x | tee t1 t2; cat t1 t2'
try 'tee -a' 0 'x
y' 'echo x >t1; echo y | tee -a t1 >/dev/null; cat t1'
try 'tee: one output fails' 1 'tee: missing/t: No such file or directory
x' 'echo x | tee missing/t'
try 'uniq -c' 0 '      2 a
      1 b' 'printf "a\na\nb\n" | uniq -c'
try 'uniq -d, -u' 0 'a
b' 'printf "a\na\nb\n" >t; uniq -d t; uniq -u t'
try 'uniq -f' 0 'x a
y b' 'printf "x a\nz a\ny b\n" | uniq -f 1'
try 'seq' 0 '2 5 8' 'echo $(seq 2 3 9)'
try 'seq: downwards, decimals' 0 '1.0 0.5 0.0' 'echo $(seq 1 -0.5 0)'
try 'seq -w -s' 0 '08,09,10' 'seq -w -s , 8 10'
try 'seq: no number' 1 '' 'seq y 2>/dev/null'
try 'echo' 0 'a b' 'env echo a b'
try 'echo -n -e' 0 'a	b' 'env echo -n -e "a\tb"'
try 'echo: no options' 0 '-x a\tb' 'env echo -x "a\tb"'
try 'printf: the format again' 0 'a-1
b-2
c-0' 'env printf "%s-%d\n" a 1 b 2 c'
try 'printf: widths' 0 '[   42][42   ][00042][  abc]' 'env printf "[%5d][%-5d][%05d][%5.3s]" 42 42 42 abcdef'
try 'printf: bases and characters' 0 'ff 10 97 A' "env printf '%x %o %d %b' 255 8 \"'a\" '\0101'"
try 'printf: a bad number' 1 "printf: 'x': expected a numeric value
0" 'env printf "%d" x'
try 'printf: floats' 0 '3.14 1.5e+10' 'env printf "%.2f %.1e" 3.14159 15000000000'
try 'yes ends with its reader' 0 'y
y' 'yes | head -n 2'

try 'paste' 0 'apple 3:no newline:a:b:c
banana 10::d:e
cherry 2::none' 'paste -d : fruit partial fields | head -n 3'
try 'paste: one file longer than those before it' 0 '  a
  b' 'printf "a\nb\n" | paste -d " " empty empty -'
try 'paste -: pairs of lines' 0 '1	2
3	' 'seq 3 | paste - -'
try 'paste -s -d: a list, and again from the first' 0 '1+2-3+4-5' 'seq 5 | paste -s -d "+-"'
try 'paste -d: backslashes' 0 '1\2
34' 'seq 4 | paste -s -d "\\\\\\n\\0"'
try 'paste: a missing file' 1 'paste: missing: No such file or directory' 'paste fruit missing'
try 'comm' 0 'a
	b
		c' 'printf "a\nc\n" >1; printf "b\nc\n" >2; comm 1 2'
try 'comm -3, -12' 0 'a
	b
c' 'comm -3 1 2; comm -12 1 2; rm 1 2'
try 'comm: no such file' 1 '' 'comm nowhere nowhere 2>/dev/null'
try 'tac' 0 '3
2
1' 'seq 3 | tac'
try 'rev' 0 'olleh

c' 'printf "hello\n\nc" | rev'
try 'nl' 0 '     1	a
       
     2	b' 'printf "a\n\nb\n" | nl'
try 'nl -b, -n, -w, -s, -v, -i' 0 '10:a
15:
20:b' 'printf "a\n\nb\n" | nl -b a -n ln -w 2 -s : -v 10 -i 5'
try 'fold' 0 'abc
def
g' 'echo abcdefg | fold -w 3'
try 'fold -s' 0 'one 
two 
three' 'echo one two three | fold -s -w 6'
try 'split' 0 'xaa xab xac
3' 'seq 5 | split -l 2; echo x??; head -n 1 xab; rm x??'
try 'split -b, -a' 0 'p.a p.b p.c
fg' 'printf abcdefg | split -b 3 -a 1 - p.; echo p.?; printf abcdefgh | split -b 5 - q; head -c 2 qab; echo
rm p.? q??'
tap_end
