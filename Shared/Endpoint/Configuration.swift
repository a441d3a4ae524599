import Glibc
import Wire

/// What an installation is set to: a pure function of the environment.
public struct Configuration: Sendable {
    public var dataDirectory = "./data"
    public var basePath = "/api/v1"
    public var jwtSecret: String?
    public var isRegistrationOpen = true
    public var accessTokenLifetime = 3600
    public var refreshTokenLifetime = 30 * 24 * 3600
    public var maximumUpload = 50 << 20
    public var maximumBody = 1 << 20
    public var databaseTimeout = 5000

    /// A variable that cannot be understood: its name and what it should be, never its value.
    public struct Problem: Error, CustomStringConvertible {
        public var description: String
    }

    /// - Parameter environment: gives a variable's value, nil when it is not set.
    public init(environment: @escaping (String) -> String?) throws(Problem) {
        let reader = Reader(environment: environment)
        dataDirectory = reader.text("DATA_DIR") ?? dataDirectory
        jwtSecret = reader.text("JWT_SECRET")
        if let jwtSecret, jwtSecret.utf8.count < 32 {
            throw Problem(description: "JWT_SECRET must have at least 32 bytes; `openssl rand -base64 48` makes a good one")
        }
        isRegistrationOpen = try reader.word("REGISTRATION", ["open": true, "closed": false]) ?? isRegistrationOpen
        accessTokenLifetime = try reader.number("ACCESS_TOKEN_TTL", "seconds", 1...31_536_000) ?? accessTokenLifetime
        refreshTokenLifetime = try reader.number("REFRESH_TOKEN_TTL", "seconds", 1...315_360_000) ?? refreshTokenLifetime
        maximumUpload = try reader.number("MAX_UPLOAD_BYTES", "bytes", 1...1 << 30) ?? maximumUpload
        maximumBody = try reader.number("MAX_BODY_BYTES", "bytes", 1024...1 << 30) ?? maximumBody
        databaseTimeout = try reader.number("DATABASE_TIMEOUT_MS", "milliseconds", 0...600_000) ?? databaseTimeout
    }

    private struct Reader {
        let environment: (String) -> String?

        /// A variable that is set to nothing counts as not set.
        func text(_ name: String) -> String? {
            environment(name).flatMap { $0.isEmpty ? nil : $0 }
        }

        func number(_ name: String, _ unit: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
            guard let text = text(name) else { return nil }
            guard let number = Int(text), range.contains(number) else {
                throw Problem(
                    description: "\(name) must be a whole number of \(unit) from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }

        func word<T>(_ name: String, _ words: KeyValuePairs<String, T>) throws(Problem) -> T? {
            guard let text = text(name) else { return nil }
            guard let found = words.first(where: { $0.key == text }) else {
                throw Problem(description: "\(name) must be one of: \(words.map(\.key).joined(separator: ", "))")
            }
            return found.value
        }
    }
}

/// The variables of this process.
public enum Environment {
    public static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
