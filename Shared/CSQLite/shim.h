// The system's SQLite (Debian: libsqlite3-dev), and what of it Swift cannot import: variadic
// functions and macros that are expressions.
#include <sqlite3.h>
#include <stddef.h>

static inline int sqlite3_nexlayer_enable_foreign_keys(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
}

// Before SQLite is used. Without its statistics, every allocation does without a lock and three counters.
// The memory that a connection sets aside for small things is touched as a whole when it opens: a quarter
// of the usual amount serves, and saves nine page faults of a cold start.
static inline int sqlite3_nexlayer_configure(void) {
    int result = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return result == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 10) : result;
}

static const int sqlite3_nexlayer_constraint_unique = SQLITE_CONSTRAINT_UNIQUE;
static const int sqlite3_nexlayer_constraint_primary_key = SQLITE_CONSTRAINT_PRIMARYKEY;
static const int sqlite3_nexlayer_constraint_foreign_key = SQLITE_CONSTRAINT_FOREIGNKEY;
