import Crypto
import FunctionRuntime
import Models
import Storage
import Wire

/// How a request that is sent twice with the same `Idempotency-Key` takes effect only once.
public enum IdempotencyPolicy: Sendable {
    /// The response is stored in the transaction that creates the resource, so that neither exists without the other. A
    /// second request waits for the first.
    case inTransaction
    /// For requests that take too long for that. The key is claimed first, and the response is stored with the
    /// request's last write (`Store.writeConclusion`). Until then, a second request gets a 409. If the process dies,
    /// the next request takes over.
    case claim
}

extension Call {
    /// Runs `body` under the route's idempotency policy: a repeated request gets the first response again. Without a
    /// key or a policy, `body` always runs.
    func idempotently(_ body: (Call) throws -> Response) throws -> Response {
        guard let policy = route.idempotency, let key = request.header("idempotency-key") else { return try body(self) }
        let idempotency = Idempotency(store: try store, secret: try installation.secret, now: now)
        let entry = try idempotency.entry(for: key, self)
        switch policy {
        case .inTransaction: return try idempotency.runInTransaction(entry) { try body(self) }
        case .claim:
            return try idempotency.runClaimed(entry) { interrupted in
                var call = self
                call.interrupted = interrupted
                return try body(call)
            }
        }
    }
}

/// The keys of finished requests and their responses, kept for a day.
struct Idempotency {
    let store: Store
    /// The installation's secret.
    let secret: String
    let now: Timestamp
    private static let lifetime = 24 * 3600
    private static let maximumLength = 255
    /// How much longer than its gateway waits a request may take, in seconds.
    private static let slack = 30

    fileprivate func entry(for key: String, _ call: Call) throws -> Entry {
        guard (1...Self.maximumLength).contains(key.utf8.count) else {
            throw APIError(.badRequest, "Idempotency-Key must have 1 to \(Self.maximumLength) characters")
        }
        return Entry(
            key: key, caller: call.callerName, digest: try Self.digest(of: call.request, call.operation),
            secret: secret, expiresAt: now + Self.lifetime, leaseSeconds: call.route.timeoutSeconds + Self.slack)
    }

    fileprivate func runInTransaction(_ entry: Entry, _ body: () throws -> Response) throws -> Response {
        try store.write {
            if let found = try find(entry), let replay = found.replay { return replay }
            return try keep(body(), entry)
        }
    }

    /// - Parameter body: receives what an interrupted request with this key had created.
    fileprivate func runClaimed(_ entry: Entry, _ body: (String?) throws -> Response) throws -> Response {
        let found = try claim(entry)
        if let replay = found?.replay { return replay }
        return try releasingOnError(entry) {
            try store.deferringConclusion {
                let response = try body(found?.progress)
                var kept = response
                if case .stream(let produce) = response.body {
                    try store.settle()
                    kept.body = .stream { try keepStream(produce, to: $0, of: response, entry) }
                    return kept
                }
                try store.conclude { kept = try keep(response, entry) }
                store.idempotency.release(entry.claim)
                return kept
            }
        }
    }

    /// Releases the claim if `body` throws, so that the request can be sent again. Earlier writes stay, as they do
    /// without a key.
    private func releasingOnError<T>(_ entry: Entry, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            // The error of `body` matters more. The next request takes over a claim that cannot be removed now.
            defer { store.idempotency.release(entry.claim) }
            try? store.settle()
            try? store.idempotency.remove(entry.claim)
            throw error
        }
    }

    /// One use of a key, and what is stored for it. A request can contain a password, and a response a new key or
    /// token, of which the database may hold only hashes. So everything is encrypted with the client's
    /// `Idempotency-Key`, which is not stored, and the installation's secret, which may be outside the database too.
    fileprivate struct Entry {
        let claim: IdempotencyStore.Claim
        private let hmac: HMACSHA256

        init(
            key: String, caller: String, digest: [UInt8], secret: String, expiresAt: Timestamp, leaseSeconds: Int
        ) {
            let root = HMACSHA256(key: Array("nexlayer idempotency \(secret)".utf8))
            hmac = HMACSHA256(key: root.authenticate(Array("\(caller.utf8.count) \(caller)\(key)".utf8)))
            claim = IdempotencyStore.Claim(
                id: hmac.authenticate(Array("id".utf8)),
                fingerprint: hmac.authenticate(Array("request".utf8) + digest), expiresAt: expiresAt,
                leaseSeconds: leaseSeconds)
        }

        /// The stored form of the response: a nonce, then the text under a key stream that is never reused, not even
        /// for the same key a day later.
        func sealed(_ text: [UInt8]) -> [UInt8] {
            let nonce = secureRandomBytes(Self.nonceLength)
            return nonce + crypted(text[...], nonce)
        }

        func opened(_ sealed: [UInt8]) -> [UInt8] {
            crypted(sealed.dropFirst(Self.nonceLength), Array(sealed.prefix(Self.nonceLength)))
        }

        private static let nonceLength = 16

        /// HMAC-SHA-256 in counter mode: the same function encrypts and decrypts.
        private func crypted(_ bytes: ArraySlice<UInt8>, _ nonce: [UInt8]) -> [UInt8] {
            var result = Array(bytes)
            for start in stride(from: 0, to: result.count, by: SHA256.digestLength) {
                let stream = hmac.authenticate(nonce + withUnsafeBytes(of: UInt64(start).bigEndian) { Array($0) })
                for index in start..<min(result.count, start + stream.count) { result[index] ^= stream[index - start] }
            }
            return result
        }
    }

    /// Claims the key, unless a response is already stored.
    private func claim(_ entry: Entry) throws -> Found? {
        var isOurs = false
        do {
            return try store.write {
                let found = try find(entry)
                if found?.replay != nil {
                    if isOurs { store.idempotency.release(entry.claim) }
                    return found
                }
                isOurs = try store.idempotency.take(entry.claim, at: now)
                guard isOurs else {
                    throw APIError(
                        .conflict, "A request with this Idempotency-Key is still in progress",
                        headers: [("retry-after", "1")])
                }
                try store.idempotency.add(entry.claim, at: now)
                return found
            }
        } catch {
            if isOurs { store.idempotency.release(entry.claim) }
            throw error
        }
    }

    /// What is known about an earlier request with the same key.
    private struct Found {
        /// Its response, if it has finished.
        var replay: Response?
        /// What it had created when it was interrupted.
        var progress: String?
    }

    private func find(_ entry: Entry) throws -> Found? {
        guard let record = try store.idempotency.find(entry.claim.id, at: now) else { return nil }
        guard record.fingerprint == entry.claim.fingerprint else {
            throw APIError(.idempotencyKeyReused, "This Idempotency-Key was used for another request; make a new one")
        }
        return Found(replay: record.answer.map { replay($0, entry) }, progress: record.progress)
    }

    private func replay(_ answer: IdempotencyStore.Answer, _ entry: Entry) -> Response {
        let body = entry.opened(answer.body)
        var headers: [(name: String, value: String)] = [("idempotent-replayed", "true")]
        if let location = answer.location { headers.append(("location", location)) }
        guard let contentType = answer.contentType else {
            return .json(answer.status, headers: headers) { writer in body.withUnsafeBufferPointer { writer.raw($0) } }
        }
        return Response(
            status: answer.status, headers: [("content-type", contentType), ("cache-control", "no-store")] + headers,
            body: .stream { try $0.send(String(decoding: body, as: UTF8.self)) })
    }

    private func keep(_ response: Response, _ entry: Entry) throws -> Response {
        var kept = response
        switch response.body {
        case .json:
            let rendered = response.body.rendered()
            try keep(Array(rendered.bytes), of: response, entry)
            kept.body = .json { $0.raw(rendered.bytes) }
        case .stream(let produce):
            kept.body = .stream { try keepStream(produce, to: $0, of: response, entry) }
        case .none, .text, .binary, .parts:
            try store.idempotency.remove(entry.claim)
        }
        return kept
    }

    private func keep(_ body: [UInt8], of response: Response, _ entry: Entry) throws {
        func header(_ name: String) -> String? { response.headers.first { $0.name == name }?.value }
        var answer = IdempotencyStore.Answer(
            status: response.status, location: header("location"), body: entry.sealed(body))
        if case .stream = response.body { answer.contentType = header("content-type") }
        try store.idempotency.keep(answer, for: entry.claim, until: now + Self.lifetime, at: now)
    }

    /// Passes a stream on and stores it at the end. A broken stream is not stored, so the request can be sent again.
    private func keepStream(
        _ produce: (any ResponseStream) throws -> Void, to stream: any ResponseStream, of response: Response,
        _ entry: Entry
    ) throws {
        let recorder = StreamRecorder(stream, store: store)
        do {
            try releasingOnError(entry) {
                try store.deferringConclusion {
                    try produce(recorder)
                    try store.conclude {
                        if stream.isCancelled {
                            try store.idempotency.remove(entry.claim)
                        } else {
                            try keep(Array(recorder.text.utf8), of: response, entry)
                        }
                    }
                }
            }
        } catch {
            // A stream that had begun when it failed ends with an error event.
            try? recorder.sendRest()
            throw error
        }
        store.idempotency.release(entry.claim)
        try recorder.sendRest()
    }

    /// Records what it passes on. Parts after the request's last write are held back until the commit. So the database
    /// is never locked while a slow client reads, and no client sees a response that might not be stored.
    private final class StreamRecorder: ResponseStream {
        private let stream: any ResponseStream
        private let store: Store
        private var rest: [String] = []
        private(set) var text = ""

        init(_ stream: any ResponseStream, store: Store) { (self.stream, self.store) = (stream, store) }

        var isCancelled: Bool { stream.isCancelled }

        func send(_ part: String) throws {
            // Comments of an event stream keep this connection alive; they are no part of the response.
            if !part.starts(withBytes: ":") { text += part }
            if store.isConcluding { rest.append(part) } else { try stream.send(part) }
        }

        func sendRest() throws { for part in rest { try stream.send(part) } }
    }

    /// Identifies equal requests. A form is compared by its parts, since its boundary is different each time.
    private static func digest(of request: Request, _ operation: String) throws -> [UInt8] {
        var hasher = SHA256()
        func add(_ bytes: some Collection<UInt8>) {
            hasher.update("\(bytes.count) ".utf8)
            hasher.update(bytes)
        }
        add(operation.utf8)
        // A stream and JSON are different responses.
        add((request.header("accept").map(ContentNegotiation.prefersEventStream) == true ? "stream" : "").utf8)
        for parameter in request.pathParameters { add(parameter.value.utf8) }
        if let type = request.header("content-type"), type.lowercasedASCII.starts(withBytes: "multipart/form-data") {
            for part in try MultipartForm(body: request.body, contentType: type).parts {
                add(part.name.utf8)
                add((part.fileName ?? "").utf8)
                add(part.content)
            }
        } else {
            add(request.body)
        }
        return hasher.finalize()
    }
}
