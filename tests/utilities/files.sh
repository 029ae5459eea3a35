# files.sh - programs for files: ls, cp, mv, rm, ln, mkdir, touch, chmod, chown, stat, find, du, and names of files.
. "$(dirname "$0")/tap.sh"
umask 022

try 'ls: sorted, one to a line in a pipe' 0 'empty
fields
folder
fruit
partial' 'ls | cat'
try 'ls -a, -A' 0 '.
..
.hidden
.hidden' 'mkdir h; : >h/.hidden; ls -a h; ls -A h; ls h; rm -r h'
try 'ls -d' 0 'folder' 'ls -d folder'
try 'ls: files first, then directories' 0 'fruit

folder:
deep
file' 'ls folder fruit'
try 'ls -R' 0 'folder:
deep
file

folder/deep:
file' 'ls -R folder'
try 'ls -F' 0 'deep/
file' 'ls -F folder'
try 'ls -l: modes, links, owner, size, name' 0 '-rw-r--r-- 1 root root 42 fruit' 'set -- $(ls -l fruit)
echo $1 $2 $3 $4 $5 $9'
try 'ls -l: a time long past' 0 'Jan  2  2020' 'touch -t 202001020304 old
ls -l old | cut -c 25- | grep -o "Jan  2  2020"; rm old'
try 'ls -n' 0 '0 0' 'set -- $(ls -n fruit); echo $3 $4'
try 'ls -l: a link' 0 'l -> fruit' 'ln -s fruit l; ls -l l | grep -o "l -> fruit"; rm l'
try 'ls -l: a device' 0 'c 1, 3' 'ls -l /dev/null | sed "s/^\(.\).* \([0-9]*,\) *\([0-9]*\) .*/\1 \2 \3/"'
try 'ls -S, -t, -r' 0 'fruit empty
b a
a b' 'echo $(ls -S empty fruit); touch -d @1000 a; touch -d @2000 b; echo $(ls -t a b); echo $(ls -tr a b); rm a b'
try 'ls -C: columns' 0 'deep  file' 'ls -C folder'
try 'ls -h' 0 '98K' 'head -c 100000 /dev/zero >big; ls -lh big | grep -o 98K; rm big'
try 'ls: a missing file' 2 "ls: cannot access 'missing': No such file or directory
fruit" 'ls missing fruit'

try 'cp: a file' 0 'no newline' 'cp partial t; cat t; rm t'
try 'cp: into a directory' 0 'fruit
partial' 'mkdir d; cp fruit partial d; ls d; rm -r d'
try 'cp -r' 0 't
t/deep
t/deep/file
t/file' 'cp -r folder t; find t | sort; rm -r t'
try 'cp -p: the time' 0 '1000' 'echo x >t; touch -d @1000 t; cp -p t u; stat -c %Y u; rm t u'
try 'cp: the mode' 0 '755' 'echo x >t; chmod 755 t; cp t u; stat -c %a u; rm t u'
try 'cp: a link is followed, but not with -r' 0 'regular file
symbolic link' 'ln -s fruit l; cp l m; stat -c %F m; cp -r l n; stat -c %F n; rm l m n'
try 'cp: a directory without -r' 1 "cp: -r not specified; omitting directory 'folder'" 'cp folder t'
try 'cp: onto itself' 1 "cp: 'fruit' and 'fruit' are the same file" 'cp fruit fruit'
try 'cp: a missing file' 1 "cp: cannot stat 'missing': No such file or directory" 'cp missing t'
try 'cp: several to no directory' 1 "cp: target 'fruit': Not a directory" 'cp partial fields fruit 2>&1 | head -n 1
exit 1'
try 'cp: a tree into itself' 1 "cp: cannot copy a directory, 'folder', into itself, 'folder/t'" \
    'cp -r folder folder/t; status=$?; rm -r folder/t; exit $status'
try 'cp -n, -i' 0 'a' 'echo a >t; echo b >u; cp -n u t; echo n | cp -i u t 2>/dev/null; cat t; rm t u'

try 'mv: a file' 0 'x' 'echo x >t; mv t u; cat u; ls t 2>/dev/null; rm u'
try 'mv: over another' 0 'x' 'echo x >t; echo y >u; mv t u; cat u; rm u'
try 'mv: into a directory' 0 't' 'echo x >t; mkdir d; mv t d; ls d; rm -r d'
try 'mv: a directory' 0 'file' 'mkdir d; echo x >d/file; mv d e; ls e; rm -r e'
try 'mv: a directory over a file' 1 "mv: cannot overwrite non-directory 'fruit' with directory 'folder'" \
    'mv folder fruit'
try 'mv: into itself' 1 "mv: cannot move 'folder' to a subdirectory of itself, 'folder/deep/folder'" \
    'mv folder folder/deep'
try 'mv: a missing file' 1 "mv: cannot stat 'missing': No such file or directory" 'mv missing t'

try 'rm' 0 '' ': >t; rm t; ls t 2>/dev/null || true'
try 'rm -r' 0 '' 'cp -r folder t; rm -r t; ls t 2>/dev/null || true'
try 'rm: a missing file' 1 "rm: cannot remove 'missing': No such file or directory" 'rm missing'
try 'rm -f: a missing file' 0 '' 'rm -f missing'
try 'rm: a directory' 1 "rm: cannot remove 'folder': Is a directory" 'rm folder'
try 'rm -i' 0 't' ': >t; echo n | rm -i t 2>/dev/null; ls t; echo y | rm -i t 2>/dev/null; ls t 2>/dev/null || true'
try 'rm: a name behind --' 0 '' ': >./-f; rm -- -f; ls ./-f 2>/dev/null || true'
try 'rm: no operand' 1 'rm: missing operand' 'rm 2>&1 | head -n 1; exit 1'

try 'ln' 0 '2' 'echo x >t; ln t u; stat -c %h u; rm t u'
try 'ln -s, readlink' 0 'fruit' 'ln -s fruit l; readlink l; rm l'
try 'ln: there is one' 1 "ln: failed to create hard link 'fields': File exists" 'ln fruit fields'
try 'ln -sf' 0 'fields' 'ln -s fruit l; ln -sf fields l; readlink l; rm l'
try 'ln: a directory' 1 'ln: folder: hard link not allowed for directory' 'ln folder t'
try 'readlink: no link' 1 '' 'readlink fruit'
try 'readlink -f' 0 'fruit' 'ln -s fruit l; basename "$(readlink -f l)"; rm l'

try 'mkdir -p' 0 't t/a t/a/b' 'mkdir -p t/a/b; mkdir -p t/a; echo $(find t | sort); rm -r t'
try 'mkdir -m' 0 '1750' 'mkdir -m 1750 t; stat -c %a t; rmdir t'
try 'mkdir: there is one' 1 "mkdir: cannot create directory 'folder': File exists" 'mkdir folder'
try 'mkdir: no parent' 1 "mkdir: cannot create directory 'a/b': No such file or directory" 'mkdir a/b'
try 'rmdir: not empty' 1 "rmdir: failed to remove 'folder': Directory not empty" 'rmdir folder'
try 'rmdir -p' 0 '' 'mkdir -p t/a/b; rmdir -p t/a/b; ls t 2>/dev/null || true'
try 'mkfifo' 0 'prw-r--r--' 'mkfifo p; ls -l p | cut -c 1-10; rm p'
try 'mkfifo -m, mknod p' 0 'prw-------
fifo' 'mkfifo -m 600 p; stat -c %A p; mknod q p; stat -c %F q; rm p q'
try 'mkfifo: there is one' 1 "mkfifo: cannot create fifo 'fruit': File exists" 'mkfifo fruit'

try 'touch: makes a file' 0 'regular empty file' 'touch t; stat -c %F t; rm t'
try 'touch -c' 0 '' 'touch -c t; ls t 2>/dev/null || true'
try 'touch -t, -d, -r' 0 '1577934245
1000
1000' \
    'touch -t 202001020304.05 t; TZ=UTC0 stat -c %Y t; touch -d @1000 t; stat -c %Y t; touch -r t u; stat -c %Y u
rm t u'
try 'touch: no directory' 1 "touch: cannot touch 'missing/t': No such file or directory" 'touch missing/t'

try 'chmod: octal' 0 '-rwSr-Sr-T' ': >t; chmod 7644 t; stat -c %A t; rm -f t'
try 'chmod: symbolic' 0 '-rwxr----x
-r--r--r--
-rwxrwxrwx' \
    ': >t; chmod 644 t; chmod u+x,o=x t; stat -c %A t; chmod a=r t; stat -c %A t; chmod u=rwx,go=u t; stat -c %A t
rm t'
try 'chmod: the umask' 0 '-r--r--r--' ': >t; chmod 644 t; chmod -w t; stat -c %A t; rm -f t'
try 'chmod -R X' 0 'drwxr-x--- -rw-r-----' 'mkdir t; : >t/f; chmod 700 t; chmod 600 t/f; chmod -R g+rX t
echo $(stat -c %A t t/f); rm -r t'
try 'chmod: no mode' 1 "chmod: invalid mode: 'xyz'" 'chmod xyz fruit 2>&1 | head -n 1; exit 1'
try 'chmod: a missing file' 1 "chmod: cannot access 'missing': No such file or directory" 'chmod 600 missing'
try 'chown, chgrp' 0 '12:34
12:0' ': >t; chown 12:34 t; stat -c %u:%g t; chgrp root t; stat -c %u:%g t; rm t'
try 'chown: names' 0 'nobody' ': >t; chown nobody t; stat -c %U t; rm t'
try 'chown: no such user' 1 "chown: invalid user: 'no-such-user'" 'chown no-such-user fruit'
try 'stat -c' 0 'fruit 42 644 -rw-r--r-- regular file 1 root' 'stat -c "%n %s %a %A %F %h %U" fruit'
try 'stat: a missing file' 1 '' 'stat missing 2>/dev/null'

try 'find' 0 'folder folder/deep folder/deep/file folder/file' 'echo $(find folder | sort)'
try 'find -name -type' 0 'folder/deep/file
folder/file' 'find . -type f -name "fi*e" | sed s,^./,, | sort'
try 'find -o, !, parentheses' 0 './empty ./partial' "echo \$(find . ! -name 'f*' '(' -name empty -o -name partial \
    ')' | sort)"
try 'find -exec ;' 0 'got folder/deep' 'find folder -name deep -exec echo got {} ";"'
try 'find -exec +' 0 '2' 'find folder -type f -exec echo {} + | wc -w'
try 'find -maxdepth, -mindepth' 0 'folder/deep folder/file' 'echo $(find folder -mindepth 1 -maxdepth 1 | sort)'
try 'find -prune' 0 'folder folder/file' 'echo $(find folder -name deep -prune -o -print | sort)'
try 'find -delete' 0 '' 'cp -r folder t; find t -delete; ls t 2>/dev/null || true'
try 'find -empty, -size' 0 './empty
./empty' 'find . -type f -empty; find . -type f -size 0'
try 'find: a missing file' 1 '' 'find missing 2>/dev/null'
try 'du -a' 0 'folder
folder/deep
folder/deep/file
folder/file' 'du -a folder | cut -f 2 | sort'
try 'df: a file' 0 '2' 'df -P . | wc -l'

try 'basename' 0 'c
c
/' 'basename /a/b/c.x .x; basename c/; basename /'
try 'dirname' 0 '/a/b
.
/' 'dirname /a/b/c; dirname a; dirname /a'
try 'pwd' 0 'folder' 'cd folder; basename "$(env pwd)"'
try 'which' 0 'ls' 'basename "$(which ls)"'
try 'which: nothing' 1 '' 'which no-such-command'

try 'stat: four digits of the mode' 0 'Access: (0640/-rw-r-----)
Access: (1755/drwxr-xr-t)' 'echo x >t; chmod 640 t; mkdir u; chmod 1755 u; stat t u | grep -o "Access: (.*/[^)]*)" |
    cut -d " " -f 1,2; rm t; rmdir u'
try 'dd' 0 'cherry 2' 'dd if=fruit bs=1 skip=18 count=8 2>/dev/null'
try 'dd: what it tells' 0 '1+1 records in
0+1 records out' 'head -c 15 /dev/zero | dd ibs=10 obs=100 of=t 2>&1 | head -n 2; rm t'
try 'dd: into the middle' 0 'abXYef' '
printf abcdef >t; printf XY | dd of=t bs=1 seek=2 conv=notrunc 2>/dev/null; cat t; rm t'
try 'dd: the rest is cut off' 0 'abXY' 'printf abcdef >t; printf XY | dd of=t bs=1 seek=2 2>/dev/null; cat t; rm t'
try 'dd: conversions' 0 'BADC' 'printf abcd | dd conv=ucase,swab 2>/dev/null'
try 'dd: sync' 0 '20' 'head -c 15 /dev/zero | dd bs=10 conv=sync 2>/dev/null | wc -c'
try 'dd: factors and units' 0 '4096' 'dd if=/dev/zero bs=2x1k count=2 2>/dev/null | wc -c'
try 'dd: a missing file' 1 "dd: failed to open 'missing': No such file or directory" 'dd if=missing'
try 'dd: a wrong operand' 1 '' 'dd bs=0 2>/dev/null || dd wrong=1 2>/dev/null'
try 'mktemp' 0 'yes' 'a=$(mktemp); b=$(mktemp)
[ "$a" != "$b" ] && [ -f "$a" ] && [ ! -s "$a" ] && echo yes; rm "$a" "$b"'
try 'mktemp -d, -p' 0 'yes' 'd=$(mktemp -d); f=$(mktemp -p "$d" x.XXXXXX)
case $f in "$d"/x.??????) echo yes ;; esac; rm -r "$d"'
try 'mktemp: a short template' 1 '' 'mktemp x.XX 2>/dev/null'
try 'realpath' 0 '/
/new' 'realpath /tmp/..; realpath /tmp/../new'
try 'realpath -e' 1 '' 'realpath -e /tmp/nowhere 2>/dev/null'
try 'truncate' 0 '3000
2000
5000
abc' 'truncate -s 3000 t; wc -c <t; truncate -s -1000 t; wc -c <t; truncate -s +3000 t; wc -c <t
printf abcdef >t; truncate -s 3 t; cat t; echo; rm t'
try 'truncate -c' 0 '' 'truncate -c -s 1 nowhere; ls nowhere 2>/dev/null || :'
tap_end
