import Glibc
import Platform
import Wire

extension Program {
    /// What `--help` prints, and what a person sees who starts it by hand.
    func usage(_ choice: GatewayChoice) -> String {
        let operation = describe()
        let place = route.isReachable ? "\(route.method) \(basePath)\(route.path)" : "(no route leads here)"
        return """
            \(name) \(version)  \(place)

                \(route.summary)

            USAGE
                \(name) < requests.ndjson > responses.ndjson
                echo '{}' | \(name)
                \(name) [--gateway NAME]
                \(name) --describe | --help | --version

            Reads request envelopes from stdin, one JSON object a line, and writes one answer a line to
            stdout until the end of the input. An envelope is API Gateway's payload (format 2.0 or 1.0);
            whatever the endpoint does not need may be left out. The log goes to stderr.

            INPUT
            \(UsageInput(operation).text)

            OPTIONS
                --gateway     Who calls, instead of finding out; as FUNCTION_GATEWAY in the environment.
                --describe    Print what the function is and takes, as JSON.
                --help        Print this text.
                --version     Print the version.

            GATEWAYS, recognized in this order
            \(gateways)
                Here: \(choice.gateway?.rawValue ?? "none"), because \(choice.reason).

            \(example(of: operation))
            """
    }

    private var gateways: String {
        Gateway.allCases.map { gateway in
            let name = gateway.rawValue
            return "    " + name + String(repeating: " ", count: 14 - name.utf8.count) + gateway.summary
        }.joined(separator: "\n")
    }

    private func example(of operation: Operation) -> String {
        var envelope = JSONObject()
        let pathParameters = operation.parameters.filter { $0.place == .path }
        if !pathParameters.isEmpty {
            envelope["pathParameters"] = .object(
                pathParameters.reduce(into: [:]) { $0[$1.name] = .string("…") })
        }
        var headers = JSONObject()
        if !["anyone", "operator"].contains(operation.access) { headers["authorization"] = "Bearer …" }
        if operation.requestBody?.contentType == "multipart/form-data" {
            headers["content-type"] = "multipart/form-data; boundary=x"
            envelope["body"] = .string(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.md\"\r\n\r\n# Notes\r\n--x--\r\n"
            )
        } else if let schema = operation.requestBody?.schema, let properties = schema["properties"]?.object {
            let required = schema["required"]?.array?.compactMap(\.string) ?? []
            envelope["body"] = .object(
                properties.members.filter { required.contains($0.key) }.reduce(into: [:]) { body, member in
                    body[member.key] = member.value["examples"]?.array?.first ?? "…"
                })
        }
        if !headers.isEmpty { envelope["headers"] = .object(headers) }
        let text = JSON.object(envelope).text
        // Some shells' echo takes backslashes for its own.
        return "EXAMPLE\n    \(text.contains(byte: "\\") ? "printf '%s\\n'" : "echo") '\(text)' | \(name)"
    }
}

enum CommandLineText {
    static func print(_ text: String) {
        let line = ByteBuffer(text)
        if !text.ends(withBytes: "\n") { line.append(UInt8(ascii: "\n")) }
        Descriptor.writeAll(line.bytes, to: STDOUT_FILENO)
    }
}
