# deep.sh - programs for files in a tree that is deeper than a path may be long.
#
# The tree is wrapped from the inside: 12 times 50 directories, and a file at the bottom of a path of 6,600 bytes.
. "$(dirname "$0")/tap.sh"
umask 022

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
while [ $i -lt 12 ]; do
    mkdir -p new$levels
    mv tree new$levels
    mv new tree
    i=$((i + 1))
done

try 'find: all of it' 0 '615' 'find tree | wc -l'
try 'find: the path is told in full' 0 '1' 'find tree -name bottom | grep -c "^tree/level-0123.*/tree/bottom$"'
try 'find -empty, -size, -type' 0 '0
1
1' 'find tree -empty | wc -l; find tree -type f -size -2 | wc -l; find tree -type l | wc -l'
try 'ls -R' 0 '613' 'ls -R tree | grep -c ":$"'
try 'ls -lR' 0 'bottom' 'ls -lR tree | grep -o "bottom$" | head -n 1'
try 'grep -r' 0 'treasure' 'grep -rh treas tree'
try 'du' 0 '613' 'du tree | wc -l'
try 'chmod -R' 0 '0' 'chmod -R go-rwx tree; find tree -type d ! -perm 700 | wc -l'
try 'chown -R' 0 '' 'chown -R $(id -u) tree'
try 'cp -r' 0 '615
treasure
600' 'cp -r tree copy; find copy | wc -l; grep -rh treas copy; find copy -type f -perm 600 | sed "s/.*/600/"'
try 'cp -r over it' 0 '615' 'cp -r tree/. copy; find copy | wc -l'
try 'cp -a: times, at the bottom too' 0 '1000
1000' 'find tree -type d >all; touch -d @1000 stamp; cp -a tree again; touch -r stamp again again/level-0123
cp -a again third; stat -c %Y third third/level-0123; rm -r again third all stamp'
try 'find -delete' 0 '612' 'find copy -type f -delete; find copy -type l -delete; find copy -mindepth 1 -delete -print |
wc -l; ls copy'
try 'rm -r' 0 '' 'rm -r tree copy; ls -d tree copy 2>/dev/null; true'
tap_end
