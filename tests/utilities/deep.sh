# deep.sh - programs for files in a tree that is deeper than a path may be long.
#
# The tree is wrapped from the inside: 12 times 50 directories, and a file at the bottom of a path of 6,600 bytes.  On a
# host half of that, which its own tools can do as well.
. "$(dirname "$0")/tap.sh"
umask 022

wraps=12
[ "$(uname -s)" = Parley ] || wraps=6
folders=$((wraps * 51 + 1)) # with the one at the top
all=$((folders + 2))        # and with what is at the bottom

levels=
i=0
while [ $i -lt 50 ]; do
    levels=$levels/level-0123
    i=$((i + 1))
done
mkdir tree
echo treasure >tree/bottom
ln -s bottom tree/link
i=0
while [ $i -lt $wraps ]; do
    mkdir -p new$levels
    mv tree new$levels
    mv new tree
    i=$((i + 1))
done

try 'find: all of it' 0 $all 'find tree | wc -l'
try 'find: the path is told in full' 0 '1' 'find tree -name bottom | grep -c "^tree/level-0123.*/tree/bottom$"'
try 'find -empty, -size, -type' 0 '0
1
1' 'find tree -empty | wc -l; find tree -type f -size -2 | wc -l; find tree -type l | wc -l'
try 'ls -R' 0 $folders 'ls -R tree | grep -c ":$"'
try 'ls -lR' 0 'bottom' 'ls -lR tree | grep -o "bottom$" | head -n 1'
try 'grep -r' 0 'treasure' 'grep -rh treas tree'
try 'du' 0 $folders 'du tree | wc -l'
try 'chmod -R' 0 '0' 'chmod -R go-rwx tree; find tree -type d ! -perm 700 | wc -l'
try 'chown -R' 0 '' 'chown -R $(id -u) tree'
try 'cp -r' 0 "$all
treasure
600" 'cp -r tree copy; find copy | wc -l; grep -rh treas copy; find copy -type f -perm 600 | sed "s/.*/600/"'
try 'cp -r over it' 0 $all 'cp -r tree/. copy; find copy | wc -l'
try 'cp -a: nothing is newer than it was' 0 '0' ': >mark
cp -a tree again; find again -newer mark | wc -l; rm -r again mark'
try 'find -delete' 0 $((folders - 1)) 'find copy -type f -delete; find copy -type l -delete
find copy -mindepth 1 -delete -print | wc -l; ls copy'
try 'rm -r' 0 '' 'rm -r tree copy; ls -d tree copy 2>/dev/null; true'
tap_end
