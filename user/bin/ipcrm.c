/*
 * ipcrm.c - removes System V objects: -q, -m, -s by identifier, -Q, -M, -S by key, -a all; or ipcrm msg|shm|sem ID...
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "lib/util.h"

static int status;

static int find(char letter, key_t key)
{
    return letter == 'q' ? msgget(key, 0) : letter == 'm' ? shmget(key, 0, 0) : semget(key, 0, 0);
}

static int destroy(char letter, int id)
{
    if (letter == 'q')
        return msgctl(id, IPC_RMID, NULL);
    return letter == 'm' ? shmctl(id, IPC_RMID, NULL) : semctl(id, 0, IPC_RMID);
}

static void remove_id(char letter, const char *text)
{
    if (destroy(letter, (int)util_number(text, 0, 0x7fffffff, "identifier")) == -1) {
        util_warn("cannot remove id %s", text);
        status = 1;
    }
}

static void remove_key(char letter, const char *text)
{
    key_t key = (key_t)strtoul(text, NULL, 0);
    int id = find(letter, key);

    if (key == IPC_PRIVATE) {
        util_warnx("illegal key (%s)", text);
        status = 1;
    } else if (id == -1 || destroy(letter, id) == -1) {
        util_warn("cannot remove key %s", text);
        status = 1;
    }
}

/* All of a kind that there are: the second number of each line of its file. */
static void remove_all(char letter)
{
    FILE *file = fopen(letter == 'q'   ? "/proc/sysvipc/msg"
                       : letter == 'm' ? "/proc/sysvipc/shm"
                                       : "/proc/sysvipc/sem",
                       "r");
    char line[512];
    int id;

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "%*d %d", &id) == 1 && destroy(letter, id) == -1) {
            util_warn("cannot remove id %d", id);
            status = 1;
        }
    if (file)
        fclose(file);
}

static bool old_form(int argc, char **argv)
{
    static const char *const words[] = {"msg", "shm", "sem"};

    for (int i = 0; argc > 2 && i < 3; i++) {
        if (strcmp(argv[1], words[i]) != 0)
            continue;
        for (int j = 2; j < argc; j++)
            remove_id("qms"[i], argv[j]);
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    util_start("ipcrm", "[-q ID] [-m ID] [-s ID] [-Q KEY] [-M KEY] [-S KEY] [-a] | msg|shm|sem ID...", 1);
    if (argc == 1)
        util_usage();
    if (old_form(argc, argv))
        return util_finish(status);
    for (int option; (option = getopt(argc, argv, "q:m:s:Q:M:S:a")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'a') {
            for (const char *letter = "qms"; *letter; letter++)
                remove_all(*letter);
        } else if (option >= 'a') {
            remove_id((char)option, optarg);
        } else {
            remove_key((char)(option - 'A' + 'a'), optarg);
        }
    }
    return util_finish(status);
}
