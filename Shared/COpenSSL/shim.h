// OpenSSL 3 (Debian: libssl-dev), and what of it Swift cannot import: macros that are calls.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/// Makes a session a client's, by TLS 1.2 or later. A write returns after each record, and may go on from a copy of its
/// bytes. Returns 1, or 0 if that is impossible.
static inline int openssl_configure_client(SSL *session) {
    SSL_set_connect_state(session);
    SSL_set_options(session, SSL_OP_NO_RENEGOTIATION);
    SSL_set_mode(session, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return SSL_set_min_proto_version(session, TLS1_2_VERSION);
}

/// Sets the name that the client tells the server (SNI). Returns 1, or 0 if no server can have it.
static inline int openssl_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}

/// memmem(3), a GNU extension.
void *memmem(const void *bytes, size_t count, const void *wanted, size_t wanted_count);
