/*
 * account.c - what each user holds of the kernel's memory.
 *
 * What an account holds of each item is one word, added to before it is looked at: two CPUs together cannot exceed a
 * limit.  `all` is the sum over the items; who brings it to 0 frees the account.  accounts_lock guards the list of
 * accounts, which is short: a search is made only where a process changes its user.
 */
#include <core/thread.h>
#include <mm/account.h>
#include <mm/kmalloc.h>

/* a: atomic   c: constant   l: accounts_lock */
struct account {
    struct list link;             /* l */
    uint32_t uid;                 /* c */
    uint64_t all;                 /* a  0: about to be freed */
    uint64_t held[ACCOUNT_ITEMS]; /* a */
};

OBJECT_CACHE(account_cache, "account", sizeof(struct account));

static struct spinlock accounts_lock = SPINLOCK_INIT("accounts", RANK_ACCOUNTS);
static struct list accounts = LIST_INIT(accounts);

/* One process more, unless the account is about to be freed. */
static bool add_process(struct account *account)
{
    uint64_t seen = __atomic_load_n(&account->all, __ATOMIC_RELAXED);

    do {
        if (seen == 0)
            return false;
    } while (!__atomic_compare_exchange_n(&account->all, &seen, seen + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
    __atomic_fetch_add(&account->held[ACCOUNT_PROCESSES], 1, __ATOMIC_RELAXED);
    return true;
}

/* The account of that user, with one process more, or NULL.  accounts_lock held. */
static struct account *find_and_enter(uint32_t uid)
{
    struct account *account;

    list_for_each_entry (account, &accounts, link) {
        if (account->uid == uid && add_process(account))
            return account;
    }
    return NULL;
}

struct account *account_enter(uint32_t uid)
{
    struct account *spare = cache_alloc(&account_cache), *account;

    spin_lock(&accounts_lock);
    account = find_and_enter(uid);
    if (account == NULL && spare != NULL) {
        account = spare;
        account->uid = uid;
        account->all = account->held[ACCOUNT_PROCESSES] = 1;
        list_add_tail(&accounts, &account->link);
    }
    spin_unlock(&accounts_lock);
    if (account != spare)
        cache_free(&account_cache, spare);
    return account;
}

bool account_charge(struct account *account, enum account_item item, uint64_t n, uint64_t limit)
{
    if (__atomic_add_fetch(&account->held[item], n, __ATOMIC_RELAXED) > limit) {
        __atomic_fetch_sub(&account->held[item], n, __ATOMIC_RELAXED);
        return false;
    }
    __atomic_fetch_add(&account->all, n, __ATOMIC_RELAXED);
    return true;
}

uint64_t account_held(const struct account *account, enum account_item item)
{
    return __atomic_load_n(&account->held[item], __ATOMIC_RELAXED);
}

void account_release(struct account *account, enum account_item item, uint64_t n)
{
    __atomic_fetch_sub(&account->held[item], n, __ATOMIC_RELAXED);
    if (__atomic_sub_fetch(&account->all, n, __ATOMIC_ACQ_REL) != 0)
        return;
    spin_lock(&accounts_lock);
    list_remove(&account->link);
    spin_unlock(&accounts_lock);
    cache_free(&account_cache, account);
}

struct account *account_charge_current(enum account_item item, uint64_t n, uint64_t limit)
{
    struct account *account;

    spin_lock(&processes_lock);
    account = current->process->account;
    if (!account_charge(account, item, n, limit))
        account = NULL;
    spin_unlock(&processes_lock);
    return account;
}
