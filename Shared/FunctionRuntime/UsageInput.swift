import Wire

/// What an operation takes, as `--help` tells it: a field a line, with what is said of it below.
struct UsageInput {
    private let lines: [String]

    init(_ operation: Operation) {
        var lines = operation.parameters.map {
            Self.line($0.name, in: $0.place.rawValue, isRequired: $0.isRequired, $0.schema)
        }
        if let body = operation.requestBody {
            let required = body.schema["required"]?.array?.compactMap(\.string) ?? []
            let place = body.contentType == "application/json" ? "body" : "form"
            lines += (body.schema["properties"]?.object?.members ?? []).map { member in
                Self.line(member.key, in: place, isRequired: required.contains(member.key), member.value)
            }
        }
        self.lines = lines
    }

    var text: String { lines.isEmpty ? "    nothing" : lines.joined(separator: "\n") }

    private static func line(_ name: String, in place: String, isRequired: Bool, _ schema: JSON) -> String {
        let facts = [place, kind(schema), isRequired ? "required" : nil].compactMap(\.self).joined(separator: ", ")
        let head = "    " + name + String(repeating: " ", count: max(1, 22 - name.utf8.count)) + facts
        guard let about = schema["description"]?.string else { return head }
        return head + "\n" + String(repeating: " ", count: 26) + about
    }

    /// The type; of a choice, what there is to choose from.
    private static func kind(_ schema: JSON) -> String? {
        if let choice = schema["enum"]?.array { return choice.compactMap(\.string).joined(separator: " | ") }
        if let inner = schema["anyOf"]?.array?.first { return kind(inner) }
        if let format = schema["format"]?.string { return format }
        if let types = schema["type"]?.array { return types.compactMap(\.string).first { $0 != "null" } }
        return schema["type"]?.string
    }
}
