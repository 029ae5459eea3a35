# strace.sh - what strace prints of calls, results and signals, of several processes, and what its options do.  (What
# the kernel records: tests/user/trace_*.c.)
. "$(dirname "$0")/tap.sh"

# The lines with that pattern of what strace prints: shows PATTERN OPTION...
shows() {
    pattern=$1
    shift
    strace -o shown "$@" >/dev/null 2>&1
    grep -e "$pattern" shown | sed 's/, 0x7[0-9a-f]*)/, ADDRESS)/; s/pid=[0-9]*/pid=PID/'
}

# Waits until a file has a line with that pattern, for some time.
until_has() {
    tries=0
    until grep -q -e "$2" "$1" 2>/dev/null || [ "$tries" = 1000 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
}

try 'strace: a call and its error' 0 'openat(AT_FDCWD, "nowhere", O_RDONLY)   = -1 ENOENT (No such file or directory)' \
    'shows "openat.*nowhere" -e trace=openat cat nowhere'
try 'strace: a descriptor' 0 'openat(AT_FDCWD, "fruit", O_RDONLY)     = 3' 'shows fruit -e trace=openat cat fruit'
try 'strace: a program and its arguments' 0 'execve("/bin/echo", ["echo", "a", "b c"], ADDRESS) = 0' \
    'shows execve echo a "b c"'
try 'strace: begins with execve, ends with the exit' 0 'execve("/bin/true", ["true"], ADDRESS)  = 0
exit_group(0)                           = ?
+++ exited with 0 +++' 'strace true 2>&1 | sed -n "1p;\$p;/^exit/p" | sed "s/0x7[0-9a-f]*)/ADDRESS) /"'
try 'strace: what is written' 0 'write(1, "hello\n", 6)                  = 6' 'shows write echo hello'
try 'strace: what is no text' 0 'write(1, "\t\"\\\0012\1\377", 7)        = 7' \
    'shows write -e trace=write printf "\t\"\\\\\\0012\\001\\377"'
try 'strace -s: long buffers' 0 'write(1, "hel"..., 6)                   = 6' 'shows write -s 3 echo hello'
try 'strace: 32 bytes of a buffer' 0 'write(1, "12345678901234567890123456789012"..., 41) = 41' \
    'shows write echo 1234567890123456789012345678901234567890'
try 'strace: a file' 0 'fstatat(AT_FDCWD, "fruit", {st_mode=S_IFREG|0644, st_size=42, ...}, AT_SYMLINK_NOFOLLOW) = 0' \
    'shows fruit -e fstatat stat fruit'
try 'strace: flags' 0 'openat(AT_FDCWD, "made", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3' \
    'shows made -e openat sh -c "true >made"'
try 'strace: a signal' 0 '--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=PID, si_uid=0} ---' \
    "shows '^--- SIGUSR1' sh -c 'trap : USR1; kill -USR1 \$\$'"
try "strace: a handler's return" 0 'sigreturn()                             = ?' \
    "shows '^sigreturn' sh -c 'trap : USR1; kill -USR1 \$\$'"
try 'strace: what is ready' 0 'poll([{fd=3, events=POLLIN}], 1, NULL)  = 1 ([{fd=3, revents=POLLIN}])' \
    'strace -e poll -o out /demos/socket-server >/dev/null 2>&1; head -n 1 out'
try 'strace: sockets' 0 'socket(AF_UNIX, SOCK_STREAM, 0)         = 3
bind(3, {sa_family=AF_UNIX, sun_path="/tmp/socket-server"}, 110) = 0
listen(3, 5)                            = 0
accept4(3, NULL, NULL, 0)               = 4' \
    'strace -e %network -o out /demos/socket-server >/dev/null 2>&1; grep -v send out | head -n 4'
try 'strace: messages with descriptors' 0 '1' 'strace -f -o out /demos/pass-descriptors >/dev/null 2>&1
grep sendmsg out | grep -c "{msg_iov=\[{iov_base=\"/etc/shadow.0\", iov_len=12}\], msg_control=\[\
{cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS"'
# Threads on other CPUs may come between a call and its result.
try 'strace: POSIX queues' 0 'mq_send(4, "\1\0\0\0", 4, 0)' \
    'strace -f -o out /demos/buffer-queue >/dev/null 2>&1; sed -n "/mq_send/{s/[0-9]* *//;s/  *[=<].*//;p;q;}" out'
try 'strace: threads' 0 'yes' 'strace -f -e thread_create,thread_exit -o out /demos/buffer-queue >/dev/null 2>&1
test $(grep -c thread_create out) = $(grep -c thread_exit out) && echo yes'
try 'strace: a child that ended' 0 'CLD_EXITED, si_pid=PID, si_uid=0, si_status=3} ---' \
    "shows '^--- SIGCHLD {si_signo=SIGCHLD' sh -c 'trap : CHLD; (exit 3)' | sed 's/.*code=//'"
try "strace: the command's status" 7 '' 'strace -o out sh -c "exit 7"'
try 'strace: a command that was killed' 137 'Killed
+++ killed by SIGKILL +++' \
    'sh -c "strace sh -c \"kill -9 \\\$\\\$\" 2>out"; status=$?; tail -n 1 out; exit $status'
try 'strace: System V queues, sets and memory' 0 'msgget(KEY, IPC_CREAT|IPC_EXCL|0644) = ID
semget(KEY, 3, IPC_CREAT|IPC_EXCL|0644) = ID
shmget(KEY, 4096, IPC_CREAT|IPC_EXCL|0644) = ID
0' 'for what in "-Q -q" "-S3 -s" "-M4096 -m"; do
strace -e %ipc -o out ipcmk ${what% *} >made; ipcrm ${what#* } $(sed "s/.*: //" made)
grep get out | sed "s/(0x[0-9a-f]*/(KEY/; s/ *= [0-9]*$/ = ID/"; done; ipcs | grep -c "^0x"; true'
try 'strace -e: a class' 0 'execve openat' \
    'strace -e trace=%file cat fruit 2>&1 >/dev/null | sed -n "s/(.*//p" | tr "\n" " " | sed "s/ fstatat//g; s/ $//"'
try 'strace -e !: all but these' 0 '0' 'strace -e "trace=!read,write" cat fruit 2>&1 >/dev/null | grep -c "^[rw]"; true'
try 'strace -e signal=none' 0 '0' \
    "strace -e signal=none sh -c 'trap : USR1; kill -USR1 \$\$' 2>&1 | grep -c -e '---'; true"
try 'strace -e: no such call' 1 "strace: invalid system call 'nothing'" 'strace -e trace=nothing true'
try 'strace -e: no such signal' 1 "strace: invalid signal 'NOTHING'" 'strace -e signal=NOTHING true'
try 'strace -o: a file' 0 'hello
write(1, "hello\n", 6)                  = 6' 'strace -o out echo hello; grep write out'
try 'strace -c: counts' 0 '4 1 openat' \
    'strace -c cat fruit nowhere fruit fields 2>&1 >/dev/null | sed -n "/openat/p" | tr -s " " | cut -d " " -f 5-'
try 'strace -c: a head and a sum' 0 '% time     seconds  usecs/call     calls    errors syscall
100.00 total' 'strace -c true 2>&1 | sed -n "1p;\$p" | sed "s/^\(100.00\) .* /\1 /"'
try 'strace -T: how long' 0 '1' 'strace -T -e write echo a 2>&1 >/dev/null | grep -c "= 2 <0\.[0-9]*>$"'
try 'strace -t, -tt, -ttt, -r: when' 0 '1
1
1
1' 'strace -t -e write echo a 2>&1 >/dev/null | grep -c "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9] write"
strace -tt -e write echo a 2>&1 >/dev/null | grep -c "^[0-9:]*\.[0-9]* write"
strace -ttt -e write echo a 2>&1 >/dev/null | grep -c "^[0-9]*\.[0-9]* write"
strace -r -e write echo a 2>&1 >/dev/null | grep -c "^ *0\.[0-9]* write"'
try 'strace: without -f children are left out' 0 '1' \
    'strace -qq -e write sh -c "(echo b); echo a" 2>&1 >/dev/null | grep -c .'
try 'strace -f: children, and who it is' 0 '1' \
    'strace -f sh -c "(echo b); true" 2>&1 >/dev/null | grep -c "^\[pid *[0-9]*\] write(1, .b.n., 2)  *= 2"'
try 'strace -f: a pipeline' 0 '3 processes end' \
    'echo "$(strace -f sh -c "echo a | cat" 2>&1 >/dev/null | grep -c "+++ exited with 0 +++") processes end"'
try 'strace -f -o: each line says whose it is' 0 '0' \
    'strace -f -q -o out sh -c "echo a | cat" >/dev/null; grep -vc "^[0-9]* *[a-z+<-]" out; true'
try 'strace: a call that waits is there at once' 0 'hello
openat(AT_FDCWD, "fifo", O_RDONLY)      = 3' \
    'mkfifo fifo; strace -e openat -o out cat fifo & until_has out "\"fifo\", O_RDONLY)$"
echo hello >fifo; wait; rm fifo; grep fifo out'
try 'strace -p: a process that runs' 0 'read(0, "\n", 1)                        = 1
exit_group(3)                           = ?
+++ exited with 3 +++' 'mkfifo fifo; sh -c "read a; read b; exit 3" <fifo & pid=$!; exec 9>fifo
strace -q -o out -e read,exit_group -p $pid & until_has /proc/$!/wchan poll
printf "1\ngo\n" >&9; exec 9>&-; wait; rm fifo; tail -n 3 out'
try 'strace -p: ^C detaches' 0 'strace: Process PID attached
strace: Process PID detached' 'sleep 60 & pid=$!; until_has /proc/$pid/wchan nanosleep
strace -p $pid 2>out & tracer=$!; until_has /proc/$tracer/wchan poll; kill -INT $tracer
wait $tracer; kill $pid; sed "s/[0-9][0-9]*/PID/" out'
try 'strace -p: ^C ends it while records come without end' 0 'detached' 'rm -f out; yes >/dev/null & pid=$!
strace -o out -p $pid 2>messages & tracer=$!; until_has out "^write"; kill -INT $tracer
wait $tracer; kill $pid; sed -n "s/.* detached/detached/p" messages'
try 'strace -p: one that is traced already' 1 'strace: attach to process PID: Device or resource busy' \
    'sleep 60 & pid=$!; strace -q -p $pid 2>/dev/null & tracer=$!; until_has /proc/$tracer/wchan poll
strace -p $pid >out 2>&1; status=$?; sed "s/[0-9][0-9]*/PID/" out; kill $pid; exit $status'
try 'strace -p: no such process' 1 'strace: attach to process 999999: No such process' 'strace -p 999999'
try "strace -p: another user's" 1 'strace: attach to process 1: Permission denied' 'su user -c "strace -p 1"'
try 'strace: a user traces a program of its own' 0 'write(1, "a\n", 2)                      = 2' \
    'su user -c "strace -e write echo a 2>&1 >/dev/null" | head -n 1'
try 'strace: no such program' 1 "strace: Cannot find executable 'no-such-program'" 'strace no-such-program'
try 'strace: neither command nor process' 1 \
    'usage: strace [-cfqrTt] [-e LIST] [-o FILE] [-s LENGTH] {-p PID | COMMAND [ARGUMENT...]}' 'strace'
tap_end
