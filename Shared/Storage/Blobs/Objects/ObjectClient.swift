import Glibc
import Models
import Outbound
import Platform
import Wire

/// Requests to a store of objects, through `curl`. Temporary failures are retried; everything that remains is a 503 whose
/// message names the fault and whose cause, for the log, names the request. Neither contains a secret.
final class ObjectClient {
    let location: ObjectLocation
    private lazy var credentials = CredentialCache(location.credentials)

    init(_ location: ObjectLocation) { self.location = location }

    /// How often a request is sent at most, and the first pause between two, in milliseconds, which doubles.
    private static let attempts = 4
    private static let firstPause = 200
    /// After this many milliseconds, no further attempt begins: the client's own request must end in time.
    private static let patience: Int64 = 25_000
    private static let shortestLimit = 20_000
    private static let longestLimit = 90_000
    /// The slowest store that is waited for, in bytes per millisecond.
    private static let slowestRate = 500
    private static let errorLimit = 64 << 10
    /// Removals that one `curl` does, and how many of them at once.
    private static let batchSize = 50
    private static let atOnce = 8

    // MARK: Requests

    /// Stores an object.
    ///
    /// - Parameters:
    ///   - file: a regular file with the bytes.
    ///   - sha256: of the bytes, in hexadecimal, which the store checks.
    func put(_ key: String, from file: Int32, size: Int, sha256: String) throws {
        let answer = try send("PUT", key, bodyHash: sha256, size: size) { $0.file = file }
        guard answer.head.isSuccess else { throw failure(answer, "PUT", key) }
    }

    /// The bytes of an object, or a range of them.
    func get(_ key: String, range: Range<Int>?, atMost limit: Int) throws -> [UInt8] {
        let headers = range.map { [("range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? []
        let answer = try send("GET", key, headers: headers, size: range?.count ?? limit) { $0.limits.body = limit }
        guard answer.head.status == (range == nil ? 200 : 206) else { throw failure(answer, "GET", key) }
        guard range.map({ answer.body.count == $0.count }) ?? true else {
            throw Self.unavailable(cause: "GET \(location.name)\(key): \(answer.body.count) bytes")
        }
        return answer.body
    }

    /// The bytes of an object; nil if there is none.
    ///
    /// - Throws: `OutboundError.tooLarge` if there are more than `limit`.
    func find(_ key: String, atMost limit: Int) throws -> [UInt8]? {
        let answer = try send("GET", key, size: limit) { $0.limits.body = max(limit, Self.errorLimit) }
        if answer.head.status == 404, Self.code(in: answer.body) != "NoSuchBucket" { return nil }
        // Without the right to list the bucket, S3 does not say what does not exist.
        if answer.head.status == 403, Self.code(in: answer.body) == "AccessDenied" { return nil }
        guard answer.head.isSuccess else { throw failure(answer, "GET", key) }
        return answer.body
    }

    /// Removes objects. One that does not exist counts as removed.
    func remove(_ keys: [String]) throws {
        var rest = keys[...]
        while !rest.isEmpty {
            try removeBatch(Array(rest.prefix(Self.batchSize)))
            rest = rest.dropFirst(Self.batchSize)
        }
    }

    private func removeBatch(_ keys: [String]) throws {
        // The first one alone: it tells what is wrong, and waits where the store is down.
        let answer = try send("DELETE", keys[0], size: 0)
        guard answer.head.isSuccess || answer.head.status == 404 else { throw failure(answer, "DELETE", keys[0]) }
        let others = Array(keys.dropFirst())
        if others.isEmpty { return }
        let group = ExchangeGroup<String>()
        do {
            let requests = try others.map { (tag: $0, request: try request("DELETE", $0, size: 0)) }
            try group.begin(requests, atOnce: Self.atOnce)
        } catch let error as OutboundError {
            throw unreachable(error, "DELETE", others[0])
        }
        while group.count > 0 {
            RunningCommand.wait(for: group.descriptors, atMost: 100)
            for ending in group.takeEnded() {
                let status = ending.status ?? 0
                guard (200..<300).contains(status) || status == 404 else {
                    throw Self.unavailable(
                        cause: "DELETE \(location.name)\(ending.tag): \(ending.error?.description ?? "\(status)")")
                }
            }
        }
    }

    // MARK: Presigned URLs

    /// A URL with which anybody may send a request.
    ///
    /// - Parameter headers: what they must send.
    func presignedURL(
        _ method: String, _ key: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], validFor seconds: Int
    ) throws -> String {
        let (origin, host, path) = location.address(of: key)
        let signed = try signature().presignedQuery(
            of: .init(method: method, host: host, path: path, query: query, headers: headers), validFor: seconds)
        return "\(origin)\(path)?\(signed)"
    }

    // MARK: Sending

    private func signature() throws -> SignatureV4 {
        let now = Timestamp.now()
        return SignatureV4(credentials: try credentials.current(at: now), region: location.region, time: now)
    }

    private func request(
        _ method: String, _ key: String, headers: [(name: String, value: String)] = [],
        bodyHash: String = SignatureV4.emptyHash, size: Int
    ) throws -> HTTPRequest {
        let (origin, host, path) = location.address(of: key)
        let signed = try signature().headers(
            of: .init(method: method, host: host, path: path, headers: headers), bodyHash: bodyHash)
        var request = HTTPRequest(method, origin + path, headers: signed)
        request.limits.total = min(Self.longestLimit, Self.shortestLimit + size / Self.slowestRate)
        request.limits.body = Self.errorLimit
        return request
    }

    /// Sends a request, again if it failed for a while.
    ///
    /// - Returns: the last response, whatever its status.
    private func send(
        _ method: String, _ key: String, headers: [(name: String, value: String)] = [],
        bodyHash: String = SignatureV4.emptyHash, size: Int, _ adjust: (inout HTTPRequest) -> Void = { _ in }
    ) throws -> HTTPResponse {
        let end = Moment.now.adding(milliseconds: Self.patience)
        var attempt = 1
        while true {
            let isLast = attempt == Self.attempts || Moment.now >= end
            do {
                // Signed anew: an attempt may come minutes later.
                var request = try request(method, key, headers: headers, bodyHash: bodyHash, size: size)
                adjust(&request)
                let answer = try request.send()
                if isLast || !Self.isTemporary(answer.head.status) { return answer }
            } catch OutboundError.tooLarge where method == "GET" {
                throw OutboundError.tooLarge
            } catch let error as OutboundError {
                if isLast || !error.isTemporary { throw unreachable(error, method, key) }
            }
            // Clients that failed together should not come back together.
            let pause = Self.firstPause << (attempt - 1)
            usleep(UInt32(Int.random(in: pause / 2...pause * 3 / 2)) * 1000)
            attempt += 1
        }
    }

    private static func isTemporary(_ status: Int) -> Bool { status == 429 || (status >= 500 && status != 501) }

    // MARK: Failures

    static func unavailable(
        _ message: String = "The file storage cannot be used at the moment", cause: String
    ) -> APIError {
        APIError(.serviceUnavailable, message, headers: [("retry-after", "5")], cause: cause)
    }

    private func unreachable(_ error: OutboundError, _ method: String, _ key: String) -> APIError {
        Self.unavailable(
            "The file storage cannot be reached at the moment", cause: "\(method) \(location.name)\(key): \(error)")
    }

    private func failure(_ answer: HTTPResponse, _ method: String, _ key: String) -> APIError {
        let code = Self.code(in: answer.body)
        let cause = "\(method) \(location.name)\(key): \(answer.head.status) \(code ?? "")"
        switch (answer.head.status, code) {
        case (_, "RequestTimeTooSkewed"):
            return Self.unavailable("The file storage says that this server's clock is wrong", cause: cause)
        case (_, "NoSuchBucket"):
            return Self.unavailable("The file storage's bucket does not exist", cause: cause)
        case (301, _), (_, "AuthorizationHeaderMalformed"):
            let region = answer.head["x-amz-bucket-region"] ?? "another one"
            return Self.unavailable(
                "The file storage's bucket is in another region", cause: "\(cause); the region is \(region)")
        case (401, _), (403, _):
            return Self.unavailable("The file storage refused the installation's credentials", cause: cause)
        default: return Self.unavailable(cause: cause)
        }
    }

    /// The code of an error in XML. Its message may contain what was signed, so it is not logged.
    static func code(in body: [UInt8]) -> String? {
        let text = String(decoding: body, as: UTF8.self)
        guard let start = text.firstIndex(ofBytes: "<Code>") else { return nil }
        let code = text[start...].dropFirst(6).prefix(beforeAnyOf: "<")
        return code.utf8.count <= 64 && code.utf8.allSatisfy(ASCII.isAlphanumeric) ? String(code) : nil
    }
}
