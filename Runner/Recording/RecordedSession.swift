import Gateway
import Wire

/// A session from a file of `SessionRecorder`, in the order in which its requests began.
package struct RecordedSession {
    package struct Entry {
        package let sequence: Int
        package let function: String
        package let status: Int
        package let request: JSON
        /// Null if the gateway answered instead of the function.
        package let response: JSON
        package let stream: [JSON]
    }

    package struct Malformed: Error { package let reason: String }

    package let entries: [Entry]

    package init(_ bytes: Bytes) throws(Malformed) {
        var entries: [Entry] = []
        var fault: String?
        var number = 0
        bytes.forEachPart(separatedBy: ASCII.lineFeed) { line in
            number += 1
            guard fault == nil else { return }
            guard let json = Envelope.parse(line) else {
                fault = "line \(number) is not JSON"
                return
            }
            if number == 1 {
                fault = Self.faultOfHead(json)
            } else if let entry = Self.entry(json) {
                entries.append(entry)
            } else {
                fault = "line \(number) is not an invocation: it needs sequence, function, status and request"
            }
        }
        if number == 0 { fault = "the file is empty" }
        if let fault { throw Malformed(reason: fault) }
        self.entries = entries.sorted { $0.sequence < $1.sequence }
    }

    private static func faultOfHead(_ json: JSON) -> String? {
        guard json["format"]?.string == SessionRecorder.format else {
            return "not a recording: its first line does not have \"format\": \"\(SessionRecorder.format)\""
        }
        guard json["version"]?.int == Int(SessionRecorder.version) else {
            return "the recording has another version; record it again"
        }
        return nil
    }

    private static func entry(_ json: JSON) -> Entry? {
        guard let sequence = json["sequence"]?.int, let function = json["function"]?.string,
            let status = json["status"]?.int, let request = json["request"], request.object != nil
        else { return nil }
        return Entry(
            sequence: sequence, function: function, status: status, request: request,
            response: json["response"] ?? .null,
            stream: json["stream"]?.array ?? [])
    }
}
