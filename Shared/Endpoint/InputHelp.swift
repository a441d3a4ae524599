import FunctionRuntime
import Wire

extension Operation {
    /// What `--help` says about this operation.
    var help: FunctionHelp {
        FunctionHelp(summary: route.summary, input: inputHelp, example: .object(exampleEnvelope))
    }

    /// The input, one field per line, each with its explanation below.
    private var inputHelp: String {
        var lines = parameters.map { line($0.name, in: $0.place.rawValue, isRequired: $0.isRequired, $0.schema) }
        if let requestBody {
            let place = requestBody.contentType == "application/json" ? "body" : "form"
            lines += (requestBody.schema["properties"]?.object?.members ?? []).map { member in
                line(member.key, in: place, isRequired: requestBody.requiredFields.contains(member.key), member.value)
            }
        }
        return lines.isEmpty ? "    nothing" : lines.joined(separator: "\n")
    }

    private func line(_ name: String, in place: String, isRequired: Bool, _ schema: JSON) -> String {
        let facts = [place, typeName(schema), isRequired ? "required" : nil].compactMap(\.self).joined(separator: ", ")
        let head = "    " + name + String(repeating: " ", count: max(1, 22 - name.utf8.count)) + facts
        guard let about = schema["description"]?.string else { return head }
        return head + "\n" + String(repeating: " ", count: 26) + about
    }

    /// The type, or the values of an enumeration.
    private func typeName(_ schema: JSON) -> String? {
        if let choice = schema["enum"]?.array { return choice.compactMap(\.string).joined(separator: " | ") }
        if let inner = schema["anyOf"]?.array?.first { return typeName(inner) }
        if let format = schema["format"]?.string { return format }
        if let types = schema["type"]?.array { return types.compactMap(\.string).first { $0 != "null" } }
        return schema["type"]?.string
    }

    private var exampleEnvelope: JSONObject {
        var envelope = JSONObject()
        let pathParameters = parameters.filter { $0.place == .path }
        if !pathParameters.isEmpty {
            envelope["pathParameters"] = .object(pathParameters.reduce(into: [:]) { $0[$1.name] = .string("…") })
        }
        var headers = JSONObject()
        if !["anyone", "operator"].contains(access) { headers["authorization"] = "Bearer …" }
        if requestBody?.contentType == "multipart/form-data" {
            headers["content-type"] = "multipart/form-data; boundary=x"
            envelope["body"] = .string(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.md\"\r\n\r\n# Notes\r\n--x--\r\n"
            )
        } else if let requestBody, let properties = requestBody.schema["properties"]?.object {
            let required = requestBody.requiredFields
            envelope["body"] = .object(
                properties.members.filter { required.contains($0.key) }.reduce(into: [:]) { body, member in
                    body[member.key] = member.value["examples"]?.array?.first ?? "…"
                })
        }
        if !headers.isEmpty { envelope["headers"] = .object(headers) }
        return envelope
    }
}

extension Operation.RequestBody {
    fileprivate var requiredFields: [String] { schema["required"]?.array?.compactMap(\.string) ?? [] }
}
