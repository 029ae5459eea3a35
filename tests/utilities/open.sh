# open.sh - who has what open, and what connects processes: lsof, fuser, ss, ipcgraph.
. "$(dirname "$0")/tap.sh"

# Starts one that has the file open and ends by a signal; its pid is $pid.
holds() {
    sleep 100 <fruit &
    pid=$!
    until [ "$(readlink "/proc/$pid/exe")" = /bin/sleep ]; do
        continue
    done
}

ends() {
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null || true
}

try 'fuser: who has a file open' 0 'fruit: N' 'holds; fuser fruit | sed "s/ $pid$/ N/"; ends'
try 'fuser: whose program it is' 0 'N is it' 'holds; fuser /bin/sleep | grep -q " ${pid}e" && echo N is it; ends'
try 'fuser: nobody' 1 'empty:' 'fuser empty'
try 'fuser -k' 0 'it was killed' 'holds; fuser -k fruit >/dev/null; wait "$pid"; [ $? -gt 128 ] && echo it was killed'
try 'fuser -k -TERM' 0 '143' 'holds; fuser -k -TERM fruit >/dev/null; wait "$pid"; echo $?'
try 'lsof: a descriptor' 0 '0r REG fruit' 'holds; set -- $(lsof -p "$pid" fruit | tail -n 1)
echo "$4" "$5" "$(basename "$7")"; ends'
try 'lsof: program and folder' 0 'cwd
txt' 'holds; lsof -p "$pid" | while read -r c p u fd rest; do case $fd in cwd | txt) echo $fd ;; esac; done; ends'
try 'lsof: of a command' 0 'sleep' 'holds; lsof -c slee | tail -n +2 | cut -d" " -f1 | sort -u; ends'
try 'ss: a pair' 0 '2' '/demos/socket-shell "ss | grep -c \"stream *connected\"" | tail -n 1'
try 'ss -l: none of them listens' 0 '0' '/demos/socket-shell "ss -l | grep -c stream" | tail -n 1'
try 'lsof -U: a socket' 0 '(stream, connected)' '/demos/socket-shell "lsof -U | grep -o \"(.*)\"" | tail -n 1'
try 'ipcgraph: a pair' 0 'N socket-shell <--> socket:[N,N] <--> N sh' '/demos/socket-shell "ipcgraph" |
grep "socket-shell <" | sed "s/, [0-9]* ipcgraph//; s/[0-9][0-9]*/N/g"'
try 'ipcgraph: a pipe' 0 'seen' 'sh -c "sleep 100 | sleep 100" 2>/dev/null &
until ipcgraph | grep -q "sleep --> pipe:.* --> [0-9]* sleep"; do sleep 0.02; done
echo seen; pkill sleep; wait'
try 'ipcgraph -d' 0 'digraph ipc {' 'ipcgraph -d | head -n 1'
try 'ipcgraph -d: who puts in stands left of a pipe, who takes out right of it' 0 'left, right' '
sh -c "sleep 100 | sleep 100" 2>/dev/null &
until ipcgraph | grep -q "sleep --> pipe:.* --> [0-9]* sleep"; do sleep 0.02; done
set -- $(ipcgraph | grep "sleep --> pipe:"); ipcgraph -d >graph
grep -Fq "p$1 -> \"$4\";" graph && grep -Fq "\"$4\" -> p$6;" graph && echo left, right; pkill sleep; wait'
try 'lsof -o: a FIFO, and who waits there' 0 'prw-r--r-- 0 bytes N pipe-read' 'mkfifo f; cat f & pid=$!; exec 3>f
until grep -q pipe-read /proc/$pid/wchan; do sleep 0.01; done
set -- $(lsof -o | grep "/f "); [ "$7" = "$pid" ] && echo "$3 $4 $5 N $8"; exec 3>&-; wait'
try 'lsof -o: System V' 0 'root -rw-r----- 0 messages - -' 'id=$(ipcmk -Q -p 640 | sed "s/.* //")
set -- $(lsof -o | grep "^msg $id "); ipcrm -q "$id"; shift 2; echo "$@"'
try 'lsof -o: a socket' 0 'srwxrwxrwx 0 bytes' '/demos/socket-shell "lsof -o" | tr -s " " | grep "^socket" |
head -n 1 | cut -d" " -f3-5'
tap_end
