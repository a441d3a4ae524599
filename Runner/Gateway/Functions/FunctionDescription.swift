import HTTP
import Wire

/// The output of a function's `--describe`.
package struct FunctionDescription {
    package let name: String
    package let executable: String
    /// Nil for a function without a route, which a timer might call.
    package let route: (methods: [String], path: String)?
    /// Seconds that a request may take.
    package let timeout: Double
    private static let longestTimeout = 86_400.0
    package let streams: Bool
    package let maximumBodyBytes: Int
    package let summary: String

    struct Malformed: Error {
        let reason: String
        /// Whether a retry may succeed even if the file does not change.
        var isTransient = false
        /// Whether the file is being written.
        var isBeingWritten = false
    }

    /// - Parameter executable: the path of the program that printed `json`.
    init(_ json: Bytes, executable: String) throws(Malformed) {
        let value: JSON
        do throws(JSONError) {
            value = try JSONReader.parse(json)
        } catch {
            throw Malformed(reason: "--describe did not print JSON: \(error)")
        }
        guard value.object != nil else { throw Malformed(reason: "--describe did not print a JSON object") }
        self.executable = executable
        name = value["name"]?.string ?? executable.split(atByte: "/").last.map(String.init) ?? executable
        let seconds = value["timeoutSeconds"]?.double ?? 30
        // 0 means that the function sets no limit of its own, as elsewhere.
        timeout = seconds == 0 ? Self.longestTimeout : seconds
        streams = value["streams"]?.bool ?? false
        maximumBodyBytes = value["maxBodyBytes"]?.int ?? 10 * 1024 * 1024
        summary = value["summary"]?.string ?? ""
        guard timeout > 0, timeout <= Self.longestTimeout else {
            throw Malformed(reason: "timeoutSeconds must be from 0 to 86400")
        }
        guard maximumBodyBytes >= 0 else { throw Malformed(reason: "maxBodyBytes must not be negative") }
        route = try Self.route(value)
    }

    /// Whether both have the same name, methods and path.
    func hasRoute(of other: FunctionDescription) -> Bool {
        name == other.name && route?.path == other.route?.path && route?.methods ?? [] == other.route?.methods ?? []
    }

    private static func route(_ value: JSON) throws(Malformed) -> (methods: [String], path: String)? {
        guard let path = value["path"]?.string, let method = value["method"]?.string else { return nil }
        let methods = [method] + (value["aliases"]?.array ?? []).compactMap(\.string)
        for method in methods {
            var method = method
            guard method.withUTF8({ HeaderField.isToken($0) }) else {
                throw Malformed(reason: "a method is not a token")
            }
        }
        guard path.starts(withBytes: "/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { throw Malformed(reason: "the path must begin with a slash") }
        return (methods, path)
    }
}
