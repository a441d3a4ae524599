import HTTP
import Wire

/// Writes requests as input for `curl --config -`. Unlike arguments, other processes cannot read it.
enum CurlConfiguration {
    /// The first descriptor that `curl` reads a body from.
    private static let firstInput = 3

    static func text(for request: HTTPRequest) throws(OutboundError) -> String {
        let lines = ["show-error"] + (try lines(for: request, body: firstInput, pinName: Pin.name(0)))
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes requests to run in parallel. `curl` reads their bodies, which may be empty, from the descriptors from 3
    /// on, and writes the responses to the descriptors after those. At the end of each exchange, it writes a line to
    /// stderr: `marker`, the index of the request, curl's exit status, the response status, the duration in seconds,
    /// and a message.
    ///
    /// - Parameter atOnce: for requests with the same pin: the number of concurrent requests. The others follow on the
    ///   same connections.
    static func text(
        forParallel requests: [HTTPRequest], atOnce: Int?, marker: String
    ) throws(OutboundError) -> String {
        var groups: [[String]] = [["parallel", "parallel-immediate", "no-progress-meter"]]
        groups[0].append("parallel-max = \(max(1, atOnce ?? requests.count))")
        for (index, request) in requests.enumerated() {
            // Each pin gets a distinct name, because `curl` shares resolved names and connections among its requests.
            let pinName = Pin.name(atOnce == nil ? index : 0)
            var lines = try lines(for: request, body: firstInput + index, pinName: pinName)
            lines.append(option("output", "/dev/fd/\(firstInput + requests.count + index)"))
            lines.append(
                "write-out = \"%{stderr}\(marker) \(index) %{exitcode} %{response_code} %{time_total} %{errormsg}\\n\"")
            if index == 0 { groups[0] += lines } else { groups.append(lines) }
        }
        return groups.map { $0.joined(separator: "\n") }.joined(separator: "\nnext\n") + "\n"
    }

    private static func lines(
        for request: HTTPRequest, body: Int, pinName: String
    ) throws(OutboundError) -> [String] {
        try check(request)
        var lines = [
            // Output only the response, unbuffered, including its head.
            "silent", "no-buffer", "include", "suppress-connect-headers",
            // Do not expand brackets and braces in the URL; allow no other schemes.
            "globoff", option("proto", "=http,https"),
            option("url", request.url),
            option("connect-timeout", seconds(request.limits.connecting)),
            option("max-time", seconds(request.limits.total)),
            option("user-agent", "AINexLayer"),
            // Otherwise `curl` waits a second for servers that do not support "100 Continue".
            option("header", "Expect:"),
        ]
        // With `request`, `curl` would wait for the body that a response to HEAD announces.
        lines.append(request.method == "HEAD" ? "head" : option("request", request.method))
        if request.file != nil || request.body != nil {
            // As data, `curl` would read a file into memory.
            lines.append(
                request.file != nil
                    ? option("upload-file", "/dev/fd/\(body)") : option("data-binary", "@/dev/fd/\(body)"))
            if !request.headers.contains(where: { $0.name.lowercasedASCII == "content-type" }) {
                lines.append(option("header", "Content-Type: application/octet-stream"))
            }
        }
        for (name, value) in request.headers {
            // For curl, `Name:` without a value removes the header; `Name;` sends it empty.
            lines.append(option("header", value.isEmpty ? "\(name);" : "\(name): \(value)"))
        }
        if let pin = request.pin { lines += pin.options(name: pinName).map { option($0.name, $0.value) } }
        return lines
    }

    /// Rejects values that could end a line early or be parsed as something else.
    private static func check(_ request: HTTPRequest) throws(OutboundError) {
        guard HeaderField.isToken(request.method) else { throw .invalidRequest("the method is not a token") }
        let url = request.url.lowercasedASCII
        guard url.starts(withBytes: "http://") || url.starts(withBytes: "https://") else {
            throw .invalidRequest("the URL is neither http nor https")
        }
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidRequest("the URL has characters that must be percent-encoded")
        }
        for (name, value) in request.headers {
            guard HeaderField.isToken(name) else { throw .invalidRequest("a header's name is not a token") }
            guard HeaderField.isValue(value) else {
                throw .invalidRequest("the header \(name) has control characters")
            }
        }
    }

    /// Writes one line. Within quotes, `curl` understands `\\` and `\"`, and `\t` for a tab that it must not strip.
    private static func option(_ name: String, _ value: String) -> String {
        var line = "\(name) = \""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": line += "\\\\"
            case "\"": line += "\\\""
            case "\t": line += "\\t"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line + "\""
    }

    private static func seconds(_ milliseconds: Int) -> String {
        let part = String(max(1, milliseconds) % 1000)
        return "\(max(1, milliseconds) / 1000)." + String(repeating: "0", count: 3 - part.count) + part
    }
}
