#if OPENSSL
    import COpenSSL
    import Wire

    /// The client's side of TLS 1.2 or 1.3, by OpenSSL. Does not know sockets.
    final class TLSSession {
        /// How far an operation has come.
        enum Progress {
            /// With the number of bytes.
            case done(Int)
            /// Send what is outgoing, then try again.
            case needsRoom
            /// Send what is outgoing, add what arrives, then try again.
            case needsInput
        }

        private let session: OpaquePointer
        /// The other end of what OpenSSL reads and writes.
        private let network: OpaquePointer
        /// Used by OpenSSL while the session exists.
        private let authorities: Authorities?
        private let address: PostgresAddress

        /// Whether the server must prove its name.
        var isVerified: Bool { address.sslMode == .verifyName }

        /// - Throws: `.configuration` if the file of authorities cannot be read.
        init(with address: PostgresAddress) throws(PostgresError) {
            self.address = address
            authorities = address.verifiesAuthority ? try Authorities(address.rootCertificates) : nil
            // What a configuration of OpenSSL can name, a static executable cannot load.
            OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT), nil)
            guard let context = SSL_CTX_new(TLS_client_method()) else { throw .openSSL }
            // The session keeps it.
            defer { SSL_CTX_free(context) }
            if let authorities { try authorities.vouch(in: context) }
            guard let session = SSL_new(context) else { throw .openSSL }
            var inner, network: OpaquePointer?
            guard BIO_new_bio_pair(&inner, 0, &network, 0) == 1, let inner, let network else {
                SSL_free(session)
                throw .openSSL
            }
            SSL_set_bio(session, inner, inner)
            (self.session, self.network) = (session, network)
            guard openssl_configure_client(session) == 1 else { throw .openSSL }
            try nameServer()
        }

        deinit {
            SSL_free(session)
            BIO_free(network)
        }

        /// Tells the server which name it is called by, and expects that in the certificate.
        private func nameServer() throws(PostgresError) {
            let parameters = SSL_get0_param(session)
            var isSet: Int32 = 1
            if let address = IPAddress(address.host) {
                if isVerified { isSet = X509_VERIFY_PARAM_set1_ip(parameters, address.bytes, address.bytes.count) }
            } else {
                // RFC 6066 section 3 has no names for addresses.
                isSet = openssl_set_server_name(session, address.host)
                if isVerified, isSet == 1 {
                    X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
                    isSet = X509_VERIFY_PARAM_set1_host(parameters, address.host, 0)
                }
            }
            guard isSet == 1 else {
                throw PostgresError(.configuration, "\(address.host) cannot be the name of a server that uses TLS")
            }
            SSL_set_verify(session, authorities == nil ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
        }

        // MARK: Bytes of the network

        /// What must be sent. Valid until the next call.
        var outgoing: Bytes {
            var start: UnsafeMutablePointer<CChar>?
            let count = BIO_nread0(network, &start)
            return UnsafeRawBufferPointer(start: start, count: max(0, Int(count))).bindMemory(to: UInt8.self)
        }

        func removeOutgoing(_ count: Int) {
            var start: UnsafeMutablePointer<CChar>?
            if count > 0 { BIO_nread(network, &start, Int32(count)) }
        }

        /// Where to put what arrives. Not empty while an operation needs input.
        var room: UnsafeMutableRawBufferPointer {
            var start: UnsafeMutablePointer<CChar>?
            let count = BIO_nwrite0(network, &start)
            return UnsafeMutableRawBufferPointer(start: start, count: max(0, Int(count)))
        }

        func addIncoming(_ count: Int) {
            var start: UnsafeMutablePointer<CChar>?
            BIO_nwrite(network, &start, Int32(count))
        }

        // MARK: Operations

        /// The hash of the server's certificate by the function of its signature, or SHA-256 instead of MD5 and SHA-1
        /// (RFC 5929 section 4.1). Nil for signatures without one.
        var certificateHash: [UInt8]? {
            guard let certificate = SSL_get1_peer_certificate(session) else { return nil }
            defer { X509_free(certificate) }
            var function: Int32 = 0
            guard X509_get_signature_info(certificate, &function, nil, nil, nil) == 1 else { return nil }
            let isBroken = function == NID_md5 || function == NID_sha1
            guard let digest = isBroken ? EVP_sha256() : EVP_get_digestbyname(OBJ_nid2sn(function)) else { return nil }
            var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
            var count: UInt32 = 0
            guard X509_digest(certificate, digest, &hash, &count) == 1 else { return nil }
            return Array(hash.prefix(Int(count)))
        }

        func shakeHands() throws(PostgresError) -> Progress { try progress(of: SSL_do_handshake) }

        /// - Parameter bytes: not empty.
        func write(_ bytes: Bytes) throws(PostgresError) -> Progress {
            try progress { SSL_write($0, bytes.baseAddress, Int32(clamping: bytes.count)) }
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(PostgresError) -> Progress {
            try progress { SSL_read($0, buffer.baseAddress, Int32(clamping: buffer.count)) }
        }

        private func progress(of operation: (OpaquePointer) -> Int32) throws(PostgresError) -> Progress {
            ERR_clear_error()
            let result = operation(session)
            switch SSL_get_error(session, result) {
            case SSL_ERROR_NONE: return .done(Int(result))
            case SSL_ERROR_WANT_READ: return .needsInput
            case SSL_ERROR_WANT_WRITE: return .needsRoom
            case SSL_ERROR_ZERO_RETURN: throw .lost
            default: throw failure
            }
        }

        private var failure: PostgresError {
            let server = "\(address.host):\(address.port)"
            let verdict = Int32(clamping: SSL_get_verify_result(session))
            if let authorities, verdict != X509_V_OK {
                let isOtherName = [X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH].contains(verdict)
                let reason =
                    isOtherName
                    ? "it is not for \(address.host)" : String(cString: X509_verify_cert_error_string(Int(verdict)))
                return PostgresError(
                    .authentication,
                    """
                    The certificate of \(server) is not accepted: \(reason). The authorities that are trusted are in \
                    \(authorities.path); sslrootcert=FILE in DATABASE_URL names others
                    """)
            }
            let reason = ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "unknown"
            let isOpen = SSL_is_init_finished(session) == 1
            return PostgresError(
                isOpen ? .protocolViolation : .authentication, "TLS with \(server) has failed: \(reason)")
        }
    }

    extension PostgresError {
        /// Mostly for want of memory.
        static var openSSL: PostgresError { PostgresError(.configuration, "OpenSSL could not be used") }
    }
#endif
