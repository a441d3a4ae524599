import Crypto
import FunctionRuntime
import Models
import Storage
import Wire

/// How a request that is sent twice with one `Idempotency-Key` is kept from being done twice.
public enum Repetition: Sendable {
    /// Doing it again does no harm, so the key means nothing.
    case harmless
    /// The answer is kept in the same transaction as what the request made: one without the other
    /// cannot be, and a second request waits for the first.
    case inTransaction
    /// It takes too long for that: the key is claimed first, and the answer is kept with the request's last write
    /// (`Store.writeConclusion`). A second request in the meantime gets 409. When the process dies in between, the next
    /// request takes over.
    case claimed
}

/// Keys of requests that were done, and their answers, for a day.
struct Idempotency {
    let store: Store
    /// The installation's.
    let secret: String
    let now: Timestamp
    /// Is given what an interrupted request under the same key had made.
    let resume: (String) -> Void
    private static let lifetime = 24 * 3600
    private static let maximumLength = 255

    /// Runs `body` unless the request was done before under its key; then its answer is given again.
    func once(
        _ key: String, _ request: Request, operation: String, caller: String, _ repetition: Repetition,
        _ body: () throws -> Response
    ) throws -> Response {
        guard (1...Self.maximumLength).contains(key.utf8.count) else {
            throw APIError(.badRequest, "Idempotency-Key must have 1 to \(Self.maximumLength) characters")
        }
        if case .harmless = repetition { return try body() }
        let entry = Entry(
            key: key, caller: caller, digest: try Self.digest(of: request, operation), secret: secret,
            expiresAt: now + Self.lifetime)
        switch repetition {
        case .harmless: return try body()
        case .inTransaction:
            return try store.write {
                if let replay = try replay(entry) { return replay }
                return try keep(body(), entry)
            }
        case .claimed:
            if let replay = try claim(entry) { return replay }
            return try giveUpOnError(entry) {
                store.deferConclusion(true)
                defer { store.deferConclusion(false) }
                let response = try body()
                if case .stream(let produce) = response.body {
                    try store.settle()
                    var kept = response
                    kept.body = .stream { try keepStream(produce, to: $0, of: response, entry) }
                    return kept
                }
                var kept = response
                try store.conclude { kept = try keep(response, entry) }
                store.idempotency.release(entry.claim)
                return kept
            }
        }
    }

    /// What fails is forgotten, so that the request can be made again. What it wrote before stays, as without a key.
    private func giveUpOnError<T>(_ entry: Entry, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            // The error that matters is the first. A claim that cannot be removed now is taken over by the next request.
            defer { store.idempotency.release(entry.claim) }
            try? store.settle()
            try? store.idempotency.remove(entry.claim)
            throw error
        }
    }

    /// One use of a key, and what is kept of it. Requests can hold a password, and answers a new key or
    /// token, of which the database must keep slow hashes or hashes only. So all of it takes the caller's
    /// `Idempotency-Key`, which is not kept, and the installation's secret, which need not be in the
    /// database either.
    private struct Entry {
        let claim: IdempotencyStore.Claim
        private let hmac: HMACSHA256

        init(key: String, caller: String, digest: [UInt8], secret: String, expiresAt: Timestamp) {
            let root = HMACSHA256(key: Array("nexlayer idempotency \(secret)".utf8))
            hmac = HMACSHA256(key: root.authenticate(Array("\(caller.utf8.count) \(caller)\(key)".utf8)))
            claim = IdempotencyStore.Claim(
                id: hmac.authenticate(Array("id".utf8)),
                fingerprint: hmac.authenticate(Array("request".utf8) + digest), expiresAt: expiresAt)
        }

        /// The answer as it is kept: a nonce, and the text under a key stream that no other answer has,
        /// not even one to the same key a day later.
        func sealed(_ text: [UInt8]) -> [UInt8] {
            let nonce = secureRandomBytes(Self.nonceLength)
            return nonce + crypted(text[...], nonce)
        }

        func opened(_ sealed: [UInt8]) -> [UInt8] {
            crypted(sealed.dropFirst(Self.nonceLength), Array(sealed.prefix(Self.nonceLength)))
        }

        private static let nonceLength = 16

        /// HMAC-SHA-256 in counter mode: the same function locks and unlocks.
        private func crypted(_ bytes: ArraySlice<UInt8>, _ nonce: [UInt8]) -> [UInt8] {
            var result = Array(bytes)
            for start in stride(from: 0, to: result.count, by: SHA256.digestLength) {
                let stream = hmac.authenticate(nonce + withUnsafeBytes(of: UInt64(start).bigEndian) { Array($0) })
                for index in start..<min(result.count, start + stream.count) { result[index] ^= stream[index - start] }
            }
            return result
        }
    }

    private func claim(_ entry: Entry) throws -> Response? {
        var isOurs = false
        do {
            return try store.write {
                if let replay = try replay(entry) { return replay }
                isOurs = store.idempotency.take(entry.claim)
                guard isOurs else {
                    throw APIError(
                        .conflict, "A request with this Idempotency-Key is still being worked on",
                        headers: [("retry-after", "1")])
                }
                try store.idempotency.add(entry.claim, at: now)
                return nil
            }
        } catch {
            if isOurs { store.idempotency.release(entry.claim) }
            throw error
        }
    }

    private func replay(_ entry: Entry) throws -> Response? {
        guard let record = try store.idempotency.find(entry.claim.id, at: now) else { return nil }
        guard record.fingerprint == entry.claim.fingerprint else {
            throw APIError(.idempotencyKeyReused, "This Idempotency-Key was used for another request; make a new one")
        }
        guard let answer = record.answer else {
            if let progress = record.progress { resume(progress) }
            return nil
        }
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
        case .none, .text, .binary:
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

    /// Passes a stream on and keeps it at its end. One that broke off is forgotten, so that the request
    /// can be made again.
    private func keepStream(
        _ produce: (any ResponseStream) throws -> Void, to stream: any ResponseStream, of response: Response,
        _ entry: Entry
    ) throws {
        let recorder = StreamRecorder(stream, store: store)
        do {
            try giveUpOnError(entry) {
                store.deferConclusion(true)
                defer { store.deferConclusion(false) }
                try produce(recorder)
                try store.conclude {
                    if stream.isCancelled {
                        try store.idempotency.remove(entry.claim)
                    } else {
                        try keep(Array(recorder.text.utf8), of: response, entry)
                    }
                }
            }
        } catch {
            // How the stream ended: an event of an error, if it had begun.
            try? recorder.sendRest()
            throw error
        }
        store.idempotency.release(entry.claim)
        try recorder.sendRest()
    }

    /// Takes down what it passes on. What follows the request's last write waits until that is committed: nobody waits
    /// for a slow client with the database locked, and no client is told of what might not be kept.
    private final class StreamRecorder: ResponseStream {
        private let stream: any ResponseStream
        private let store: Store
        private var rest: [String] = []
        private(set) var text = ""

        init(_ stream: any ResponseStream, store: Store) { (self.stream, self.store) = (stream, store) }

        var isCancelled: Bool { stream.isCancelled }

        func send(_ part: String) throws {
            text += part
            if store.isConcluding { rest.append(part) } else { try stream.send(part) }
        }

        func sendRest() throws { for part in rest { try stream.send(part) } }
    }

    // MARK: What is kept

    /// What makes two requests the same. A form counts by its parts, since each sending draws a
    /// boundary of its own.
    private static func digest(of request: Request, _ operation: String) throws -> [UInt8] {
        var hasher = SHA256()
        func add(_ bytes: some Collection<UInt8>) {
            hasher.update("\(bytes.count) ".utf8)
            hasher.update(bytes)
        }
        add(operation.utf8)
        // A stream is another answer than JSON.
        add((request.header("accept").map(AcceptedForm.prefersEvents) == true ? "stream" : "").utf8)
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
