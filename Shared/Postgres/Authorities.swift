#if OPENSSL
    import COpenSSL
    import Glibc
    import Platform

    /// Who vouches for servers: a file of certificates in PEM.
    ///
    /// Only the certificates that a server's chain asks for are parsed: to parse the system's 140 takes 24 ms.
    final class Authorities {
        let path: String
        /// In DER.
        private lazy var certificates = readCertificates()

        /// - Parameter path: nil or `system` for the file of `SSL_CERT_FILE`, or the system's.
        /// - Throws: `.configuration` if it cannot be read.
        init(_ path: String?) throws(PostgresError) {
            let named = path.flatMap { $0.hasSameBytes(as: "system") ? nil : $0 }
            let chosen =
                named ?? Environment.value("SSL_CERT_FILE").flatMap { $0.isEmpty ? nil : $0 }
                ?? Self.systemPaths.first { access($0, R_OK) == 0 }
            guard let chosen else {
                throw PostgresError(
                    .configuration,
                    """
                    This system has no file of certificate authorities. Install ca-certificates, or put \
                    sslrootcert=FILE into DATABASE_URL
                    """)
            }
            guard access(chosen, R_OK) == 0 else {
                throw PostgresError(
                    .configuration,
                    """
                    \(chosen), which has the certificate authorities (sslrootcert, SSL_CERT_FILE), cannot be read: \
                    \(String(cString: strerror(errno)))
                    """)
            }
            self.path = chosen
        }

        /// Of Debian and Alpine, Fedora and Amazon Linux, openSUSE, and others.
        private static let systemPaths = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/pki/tls/cacert.pem", "/etc/ssl/cert.pem",
        ]

        /// Lets the sessions of a context find these certificates. They must not outlive this object.
        func vouch(in context: OpaquePointer) throws(PostgresError) {
            guard let lookup = X509_STORE_add_lookup(SSL_CTX_get_cert_store(context), Self.method.pointer) else {
                throw .openSSL
            }
            X509_LOOKUP_set_method_data(lookup, Unmanaged.passUnretained(self).toOpaque())
        }

        /// Made once, and only read then.
        private struct Method: @unchecked Sendable { let pointer: OpaquePointer? }

        private static let method: Method = {
            let method = X509_LOOKUP_meth_new("authorities")
            X509_LOOKUP_meth_set_get_by_subject(method) { lookup, kind, name, found in
                guard kind == X509_LU_X509, let lookup, let name, let data = X509_LOOKUP_get_method_data(lookup)
                else { return 0 }
                let authorities = Unmanaged<Authorities>.fromOpaque(data).takeUnretainedValue()
                let store = X509_LOOKUP_get_store(lookup)
                return authorities.addCertificates(of: name, to: store, found) ? 1 : 0
            }
            return Method(pointer: method)
        }()

        /// Adds all certificates of a subject to a store.
        /// - Parameter found: becomes one of them.
        private func addCertificates(of name: OpaquePointer, to store: OpaquePointer?, _ found: OpaquePointer?) -> Bool
        {
            var encoded: UnsafeMutablePointer<UInt8>?
            let length = i2d_X509_NAME(name, &encoded)
            guard length > 0, let encoded else { return false }
            defer { CRYPTO_free(encoded, nil, 0) }
            var isFound = false
            for der in certificates where memmem(der, der.count, encoded, Int(length)) != nil {
                let certificate = der.withUnsafeBufferPointer { bytes in
                    var position = bytes.baseAddress
                    return d2i_X509(nil, &position, bytes.count)
                }
                guard let certificate else { continue }
                defer { X509_free(certificate) }
                guard X509_NAME_cmp(X509_get_subject_name(certificate), name) == 0 else { continue }
                guard X509_STORE_add_cert(store, certificate) == 1, !isFound else { continue }
                isFound = X509_OBJECT_set1_X509(found, certificate) == 1
                // One reference too many, as X509_LOOKUP_meth_new(3) explains.
                if isFound { X509_free(certificate) }
            }
            return isFound
        }

        private func readCertificates() -> [[UInt8]] {
            // Closed in child processes (fopen(3), "e").
            guard let file = BIO_new_file(path, "re") else { return [] }
            defer { BIO_free(file) }
            var certificates: [[UInt8]] = []
            var name, header: UnsafeMutablePointer<CChar>?
            var bytes: UnsafeMutablePointer<UInt8>?
            var count = 0
            while PEM_read_bio(file, &name, &header, &bytes, &count) == 1 {
                if let name, let bytes, String(cString: name) == PEM_STRING_X509 {
                    certificates.append(Array(UnsafeBufferPointer(start: bytes, count: count)))
                }
                CRYPTO_free(name, nil, 0)
                CRYPTO_free(header, nil, 0)
                CRYPTO_free(bytes, nil, 0)
            }
            ERR_clear_error()
            return certificates
        }
    }
#endif
