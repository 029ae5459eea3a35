# process.sh - programs for processes and the machine: ps, kill, sleep, timeout, env, id, date, free and others.
. "$(dirname "$0")/tap.sh"

# Waits until ps shows that of a process, for a minute or more: ps_shows PID COLUMN PATTERN.
ps_shows() {
    tries=0
    until ps -p "$1" -o "$2=" | grep -q "$3" || [ "$tries" = 3000 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
}

try 'true, false' 1 '' 'env true && env false'
try 'ps: a process of this terminal' 0 '1' 'sleep 60 & pid=$!
ps_shows $pid comm "^sleep$"; ps -p $pid -o comm= | grep -c "^sleep$"; kill $pid'
try 'ps | grep sh | wc -l' 0 'yes' 'env test "$(ps -e | grep sh | wc -l)" -gt 0 && echo yes'
try 'ps -o' 0 'PID PPID COMMAND' 'set -- $(ps -o pid,ppid,comm | head -n 1); echo $*'
try 'ps -o: a parent' 0 'yes' 'sleep 60 & pid=$!; parent=$(ps -o ppid= -p $pid)
ps -p $parent -o pid= >/dev/null && echo yes; kill $pid'
try 'ps -f, aux: headings' 0 'UID PID PPID C STIME TTY TIME CMD
USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND' \
    'set -- $(ps -f | head -n 1); echo $*; set -- $(ps aux | head -n 1); echo $*'
try 'ps: the reason for waiting' 0 'S' 'sleep 60 & pid=$!; ps_shows $pid wchan "[a-z]"
set -- $(ps -o state=,wchan= -p $pid); echo $1; env test "$2" != -; kill $pid'
try 'ps -p: nothing' 1 '' 'ps -o pid= -p 999999'
try 'kill' 0 '143' 'sleep 60 & pid=$!; env kill $pid; wait $pid 2>/dev/null; echo $?'
try 'kill -9, -s, -0' 0 '137
129
0' 'sleep 60 & pid=$!; env kill -9 $pid; wait $pid 2>/dev/null; echo $?
sleep 60 & pid=$!; env kill -s HUP $pid; wait $pid 2>/dev/null; echo $?; env kill -0 $$; echo $?'
try 'kill -l' 0 'KILL
15
INT' 'env kill -l 9; env kill -l TERM; env kill -l 2'
try 'kill: no such process' 1 '' 'env kill 999999 2>/dev/null'
try 'kill: no such signal' 1 '' 'env kill -NOSUCH $$ 2>/dev/null'
try 'killall' 0 '143' 'cp "$(which sleep)" napper; ./napper 60 & pid=$!; ps_shows $pid comm napper; killall napper
wait $pid 2>/dev/null; echo $?; rm napper'
try 'killall: nothing' 1 'no-such-name: no process found' 'killall no-such-name 2>&1 | sed "s/^killall: //"; exit 1'
try 'sleep: a fraction' 0 '' 'sleep 0.05'
try 'sleep: no number' 1 "sleep: invalid time interval 'x'" 'sleep x 2>&1 | head -n 1; exit 1'
try 'timeout: time is up' 124 '' 'timeout 0.1 sleep 60'
try 'timeout: in time' 3 '' "timeout 60 sh -c 'exit 3'"
try 'timeout -s, -k' 137 '' 'timeout -s WINCH -k 0.1 0.1 sleep 60 2>/dev/null'
try 'timeout: no such command' 127 '' 'timeout 5 no-such-command 2>/dev/null'
try 'time -p' 4 'real
user
sys' "env time -p sh -c 'exit 4' 2>t; status=\$?; grep -o '^[a-z]* ' t | grep -v Command | tr -d ' '; exit \$status"
try 'nice' 0 '5
10' 'env nice -n 5 nice; env nice nice'
try 'renice' 0 '7' 'sleep 60 & pid=$!; renice 7 $pid >/dev/null; ps -o ni= -p $pid | tr -d " "; kill $pid'
try 'renice: no such process' 1 '' 'renice 5 999999 2>/dev/null'
try 'pgrep, pkill' 0 'yes
143' 'cp "$(which sleep)" napping; ./napping 60 & pid=$!; ps_shows $pid comm napping
[ "$(pgrep -x nap+ing)" = $pid ] && echo yes; pkill "^napping"; wait $pid 2>/dev/null; echo $?; rm napping'
try 'pgrep: nothing' 1 '' 'pgrep no-such-name'
try 'nohup' 0 '0' 'nohup sh -c "kill -HUP \$\$; echo \$?" 2>/dev/null'
try 'nohup: no such command' 127 '' 'nohup no-such-command 2>/dev/null'
try 'groups' 0 'root' 'groups | cut -d " " -f 1'
try 'groups: a user' 1 '' 'groups no-such-user 2>/dev/null'
try 'nice: no such command' 127 '' 'nice no-such-command 2>/dev/null'
try 'env' 0 'B=2' 'A=1 env -i B=2 env'
try 'env -u' 1 '' 'A=1 env -u A printenv A'
try 'env: no such command' 127 '' 'env no-such-command 2>/dev/null'
try 'env: a file that is no program' 126 '' 'env ./fruit 2>/dev/null'
try 'printenv' 0 '1' 'A=1 printenv A'
try 'id' 0 '0 root 0' 'echo $(id -u) $(id -un) $(id -g)'
try 'id: a user' 0 '65534' 'id -u nobody'
try 'id: no such user' 1 '' 'id no-such-user 2>/dev/null'
try 'whoami' 0 'root' 'whoami'
try 'tty: none' 1 'not a tty' 'tty'
try 'stty: none' 1 '' 'stty 2>/dev/null'
try 'uname' 0 'yes' 'env test "$(uname -s -n)" = "$(uname -s) $(uname -n)" && echo yes'
try 'date: a format' 0 '2001-09-09 01:46:40 252' 'date -u -d @1000000000 "+%Y-%m-%d %H:%M:%S %j"'
try 'date: back' 0 '1582978394' 'date -u -d "2020-02-29 12:13:14" +%s'
try 'date -R, -I' 0 'Thu, 01 Jan 1970 00:00:00 +0000
1970-01-02' 'date -u -R -d @0; date -u -I -d @86400'
try 'date -r' 0 '1000' 'touch -d @1000 t; date -r t +%s; rm t'
try 'date: no date' 1 "date: invalid date 'junk'" 'date -d junk'
try 'date: now' 0 'yes' 'a=$(date +%s); b=$(date +%s)
env test "$a" -gt 1000000000 && env test "$b" -ge "$a" && echo yes'
try 'free' 0 'total used free shared buff/cache available
Mem: Swap:' 'set -- $(free | head -n 1); echo $*; echo $(free | tail -n +2 | cut -d " " -f 1)'
try 'free: there is some' 0 'yes' 'set -- $(free -b | sed -n 2p)
env test "$2" -gt "$4" && env test "$4" -gt 0 && echo yes'
try 'uptime' 0 '1' 'uptime | grep -c " up "'
try 'mount' 0 'yes' 'env test "$(mount | grep -c " on /.* type ")" -ge 1 && echo yes'
try 'nice: beyond the end' 0 '19' 'nice -n 100 nice'
try 'renice -n: added, to the end at most' 0 '19' \
    'nice -n 15 sh -c "renice -n 15 \$\$ >/dev/null; ps -o ni= -p \$\$" | tr -d " "'
try 'chrt' 0 "SCHED_FIFO 7" 'set -- $(chrt -f 7 sh -c "chrt -p \$\$"); echo $6 ${12}'
try 'chrt -p' 0 "SCHED_RR 3 SCHED_OTHER 0" 'sleep 60 & pid=$!
chrt -p 3 $pid; set -- $(chrt -p $pid); echo -n "$6 ${12} "
chrt -o -p 0 $pid; set -- $(chrt -p $pid); echo $6 ${12}; kill $pid'
try 'chrt -a' 0 '1' 'sleep 60 & pid=$!; chrt -a -f -p 9 $pid; chrt -a -p $pid | grep -c "SCHED_FIFO$"; kill $pid'
try 'chrt: a priority that is none of the policy' 0 '1' 'chrt -f 100 true 2>&1 | grep -c "unsupported priority"'
try 'chrt: no number' 1 "chrt: invalid priority argument: 'x'" 'chrt x true'
try 'chrt: no such process' 1 "chrt: failed to get pid 9999999's policy: No such process" 'chrt -p 9999999'
try 'chrt -a: no such process' 1 '' 'chrt -a -p 9999999 2>/dev/null'
try 'taskset' 0 "1 1" 'set -- $(taskset 1 sh -c "taskset -p \$\$"); echo -n "$6 "; taskset -c 0 nproc'
try 'taskset -p' 0 "0" 'sleep 60 & pid=$!; taskset -p 1 $pid >/dev/null; set -- $(taskset -cp $pid); echo $6; kill $pid'
try 'taskset -a' 0 "1" 'sleep 60 & pid=$!; taskset -apc 0-6:2 $pid | grep -c "new affinity list: 0"; kill $pid'
try 'taskset: no CPU' 1 'taskset: failed to parse CPU list: 3-1' 'taskset -c 3-1 true'
try 'taskset: no step' 1 'taskset: failed to parse CPU list: 0-3:0' 'taskset -c 0-3:0 true'
if [ "$(uname -s)" = Parley ]; then # a host may have as many, and count otherwise
    try 'taskset: no such CPU' 1 "taskset: failed to set pid 0's affinity: Invalid argument" 'taskset -c 31 true'
    try 'taskset: a step beyond all CPUs' 0 '' 'timeout 20 taskset -c 0,1-2:4294967295 true'
fi
try 'taskset: no mask' 1 'taskset: failed to parse CPU mask: x' 'taskset x true'
try 'taskset: no such process' 1 "taskset: failed to get pid 9999999's affinity: No such process" 'taskset -p 1 9999999'
try 'top -b' 0 '1' 'top -b -n 1 | grep -c "PID USER"'
busy_line='s/^ *'\$busy' .* R  *\([0-9]*\)\.[0-9]  *[0-9.]*  *[0-9:.]*  *\([0-9]\) sh$/\1 \2/p'
try 'top: what a busy process used since the last look, and on which CPU' 0 'all of CPU 0' \
    'taskset 1 sh -c "while :; do :; done" & busy=$!
top -b -d 0.5 -n 2 | sed -n "'"$busy_line"'" | tail -n 1 | {
    read share cpu
    grep -qw icount /proc/cmdline || share=100 # a busy host may take what it likes
    [ "$share" -ge 60 ] && [ "$share" -le 103 ] && echo "all of CPU $cpu" || echo "$share % of CPU $cpu"
}
kill $busy; wait $busy 2>/dev/null; :'
try 'top -H: each thread' 0 'yes' 'top -bH -n 1 >t; grep -q " top$" t && grep -q "^Threads: " t && echo yes; rm t'
try 'top -1: each CPU' 0 'yes' 'test "$(top -b1 -n 1 | grep -c "^%Cpu[0-9]:")" -eq "$(nproc)" && echo yes'
try 'top: no such option' 1 '' 'top -x 2>/dev/null'
try 'ps -o psr: the CPU where it ran last' 0 '0' 'echo $(taskset 1 sh -c "ps -o psr= -p \$\$; :")'
try 'sync' 0 '' 'sync'
try 'a full standard output' 1 '' 'cat fruit >/dev/full 2>/dev/null'
try 'a full standard output, buffered' 1 'seq: write error: No space left on device' 'seq 3 >/dev/full'
try 'hostname' 0 'yes' 'env test "$(hostname)" = "$(uname -n)" && echo yes'
try 'nproc' 0 'yes' 'env test "$(nproc --all)" = "$(grep -c "^processor" /proc/cpuinfo)" && echo yes'
tap_end
