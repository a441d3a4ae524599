#if OPENSSL
    import Wire

    extension Transport {
        /// Asks the server for TLS (PostgreSQL's documentation, "SSL Session Encryption"), and verifies it.
        ///
        /// - Parameter isOptional: whether to go on without TLS if the server has none.
        /// - Returns: what replaces this transport, which has sent nothing before.
        /// - Throws: `.authentication` if the server has no TLS, or is not who it should be.
        func secured(
            by session: TLSSession, isOptional: Bool, _ patience: inout Patience
        ) throws(PostgresError) -> Transport {
            let request = ByteBuffer(capacity: 8)
            request.append(int32: 8)
            request.append(int32: Self.encryptionRequest)
            try send(request.bytes, &patience)
            // NB: whoever can write to the connection could send messages of a server before TLS begins (CVE-2021-23222).
            // None is read: a second byte at once is refused, and a later one is no TLS.
            let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 1)
            defer { answer.deallocate() }
            guard try receive(into: answer, &patience) == 1 else {
                throw PostgresError(.protocolViolation, "The server sent more than its answer to the request for TLS")
            }
            switch answer[0] {
            case UInt8(ascii: "S"):
                let transport = SecuredTransport(release(), session)
                try transport.shakeHands(&patience)
                return transport
            case UInt8(ascii: "N") where isOptional: return self
            case UInt8(ascii: "N"):
                throw PostgresError(
                    .authentication,
                    "The server does not use TLS. Where that is safe, put sslmode=disable into DATABASE_URL")
            // NB: also an error message, which anybody could have written (CVE-2024-10977).
            default: throw PostgresError(.protocolViolation, "The server did not understand the request for TLS")
            }
        }

        /// Instead of the protocol's version.
        private static let encryptionRequest = 80_877_103
    }

    /// A transport that encrypts. The session reads and writes memory; its bytes pass through the socket here, so that
    /// every wait is a wait of the transport, with its time limit.
    final class SecuredTransport: Transport {
        private let session: TLSSession

        /// - Parameter descriptor: as in `Transport`. The server waits for the first words of TLS.
        init(_ descriptor: Int32, _ session: TLSSession) {
            self.session = session
            super.init(descriptor)
        }

        override var isSecured: Bool { session.isVerified }

        override var channelBinding: [UInt8]? { session.certificateHash }

        func shakeHands(_ patience: inout Patience) throws(PostgresError) {
            _ = try complete(&patience, session.shakeHands)
        }

        override func send(_ bytes: Bytes, _ patience: inout Patience) throws(PostgresError) {
            var rest = bytes
            while !rest.isEmpty {
                let piece = rest
                rest = rest.slice(
                    from: try complete(&patience) { () throws(PostgresError) in try session.write(piece) })
            }
        }

        override func sendAtOnce(_ bytes: Bytes) -> Int {
            guard case .done(let count) = try? session.write(bytes) else { return 0 }
            session.removeOutgoing(super.sendAtOnce(session.outgoing))
            return count
        }

        override func receive(
            into buffer: UnsafeMutableRawBufferPointer, _ patience: inout Patience
        ) throws(PostgresError) -> Int {
            try complete(&patience) { () throws(PostgresError) in try session.read(into: buffer) }
        }

        /// Repeats an operation until it is done, and moves bytes between the session and the socket meanwhile.
        private func complete(
            _ patience: inout Patience, _ operation: () throws(PostgresError) -> TLSSession.Progress
        ) throws(PostgresError) -> Int {
            while true {
                let progress: TLSSession.Progress
                do throws(PostgresError) {
                    progress = try operation()
                } catch {
                    // Tells the server why.
                    _ = super.sendAtOnce(session.outgoing)
                    throw error
                }
                while case let outgoing = session.outgoing, !outgoing.isEmpty {
                    try super.send(outgoing, &patience)
                    session.removeOutgoing(outgoing.count)
                }
                switch progress {
                case .done(let count): return count
                case .needsRoom: continue
                case .needsInput: session.addIncoming(try super.receive(into: session.room, &patience))
                }
            }
        }
    }
#endif
