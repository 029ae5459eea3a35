# why.sh - how why is called, and what it says of processes that are in no circle. (What it says of those that wait for
# each other: tests/user/why_stuck.c and its neighbours.)
. "$(dirname "$0")/tap.sh"

# Asks why of a process until it says that, for some time; its answer with PID for that number: says PID PATTERN.
says() {
    tries=0
    until why "$1" >said 2>&1; grep -q "$2" said || [ "$tries" = 1000 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
    sed "s/^$1 /PID /" said
}

try 'why: no such process' 1 'why: 999999: no such process' 'why 999999 2>&1'
try 'why: a process that has ended' 1 'PID: no such process' \
    'true & pid=$!; wait $pid; why $pid 2>answer; status=$?; sed "s/^why: $pid/PID/" answer; exit $status'
try 'why: no number' 1 "why: invalid pid: 'x'" 'why x 2>&1'
try 'why: no pid' 1 "why: invalid pid: '0'" 'why 0 2>&1'
try 'why: no such option' 1 'usage: why [-a | PID...]' 'why -x 2>&1 | tail -n 1; exit 1'
try 'why: several, of which one is not there' 1 'why: 999999: no such process
PID sleep: waits for a time, 60.000 s from its call on' 'sleep 60 & pid=$!; says $pid "waits for a time," >answer
why 999999 $pid 2>&1 >answer; status=$?; sed "s/^$pid /PID /" answer; kill $pid; exit $status'
try 'why: of all' 0 '1 init
no deadlock' 'why | sed -n "1s/:.*//p;\$p"'
try 'why -a: as without a number' 0 'no deadlock' 'why -a | tail -n 1'
try 'why -a, and a number' 1 'usage: why [-a | PID...]' 'why -a $$ 2>&1'
try 'why: an output that is full' 1 'why: write error: No space left on device' 'why 1 2>&1 >/dev/full'
try 'why: one that can run' 0 'PID sh: can run' 'while :; do :; done & pid=$!; says $pid "can run"; kill $pid'
try 'why: one that is stopped' 0 'PID sleep: waits for SIGCONT: it is stopped' \
    'sleep 60 & pid=$!; says $pid "waits for a time," >answer; kill -STOP $pid; says $pid SIGCONT; kill -KILL $pid'
try 'why: one that nobody has waited for' 0 'PID sleep: has ended, and PARENT sleep has not waited for it' \
    'sh -c "sleep 60 & echo \$! >child; exec sleep 60" & parent=$!; says $parent "sleep: waits for a time" >answer
kill $(cat child); says $(cat child) ", and $parent sleep" | sed "s/$parent/PARENT/"; kill $parent'
try "why: another user's" 0 'PID sleep: waits for a time' \
    'sleep 60 & pid=$!; says $pid "waits for a time," >answer
su user -c "why $pid" | sed "s/^$pid /PID /"; kill $pid'
tap_end
