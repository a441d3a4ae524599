// The system's SQLite (Debian: libsqlite3-dev), and what of it Swift cannot import: a variadic
// function and macros that are expressions.
#include <sqlite3.h>
#include <stddef.h>

static inline int sqlite3_nexlayer_enable_foreign_keys(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
}

static const int sqlite3_nexlayer_constraint_unique = SQLITE_CONSTRAINT_UNIQUE;
static const int sqlite3_nexlayer_constraint_primary_key = SQLITE_CONSTRAINT_PRIMARYKEY;
