import Wire

/// A recorded session, in the order in which its requests began.
struct Session {
    struct Entry {
        let sequence: Int
        let function: String
        let status: Int
        let request: JSON
        /// Null where the gateway answered in the function's place.
        let response: JSON
        let stream: [JSON]
    }

    struct Malformed: Error { let reason: String }

    let entries: [Entry]

    init(_ bytes: Bytes) throws(Malformed) {
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
                fault = "line \(number) is no invocation: it needs sequence, function, status and request"
            }
        }
        if number == 0 { fault = "the file is empty" }
        if let fault { throw Malformed(reason: fault) }
        self.entries = entries.sorted { $0.sequence < $1.sequence }
    }

    private static func faultOfHead(_ json: JSON) -> String? {
        guard json["format"]?.string == SessionRecorder.format else {
            return "this is no recording: its first line does not say \"format\": \"\(SessionRecorder.format)\""
        }
        guard json["version"]?.int == Int(SessionRecorder.version) else {
            return "the recording is of another version; record it anew"
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
