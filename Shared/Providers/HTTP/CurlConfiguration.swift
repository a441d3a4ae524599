import HTTP
import Wire

/// Writes requests in the language of `curl --config`, where other processes cannot read them.
enum CurlConfiguration {
    /// The first descriptor from which `curl` reads a body.
    private static let firstInput = 3

    static func text(for request: HTTPRequest) throws(OutboundError) -> String {
        let lines = ["show-error"] + (try lines(for: request, body: firstInput, pinName: Pin.name(0)))
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes requests that run at the same time. Their bodies, empty where there is none, are on the descriptors from
    /// 3 on; responses go to the descriptors after those. At the end of an exchange, `curl` writes a line to stderr:
    /// `marker`, the number of the request, curl's exit status, the response's status, the seconds that it took, and a
    /// message.
    ///
    /// - Parameter atOnce: for requests with the same pin: how many run at the same time. The others follow on the same
    ///   connections.
    static func text(
        forParallel requests: [HTTPRequest], atOnce: Int?, marker: String
    ) throws(OutboundError) -> String {
        var groups: [[String]] = [["parallel", "parallel-immediate", "no-progress-meter"]]
        groups[0].append("parallel-max = \(max(1, atOnce ?? requests.count))")
        for (index, request) in requests.enumerated() {
            // Each pin has a name, because `curl` shares resolved names and connections between its requests.
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
            // Only the response, unbuffered and with its head.
            "silent", "no-buffer", "include", "suppress-connect-headers",
            // Brackets and braces in a URL are not patterns, and no other schemes are allowed.
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
        if request.body != nil {
            lines.append(option("data-binary", "@/dev/fd/\(body)"))
            if !request.headers.contains(where: { $0.name.lowercasedASCII == "content-type" }) {
                lines.append(option("header", "Content-Type: application/octet-stream"))
            }
        }
        for (name, value) in request.headers {
            // `Name:` without a value would remove the header.
            lines.append(option("header", value.isEmpty ? "\(name);" : "\(name): \(value)"))
        }
        if let pin = request.pin { lines += pin.options(name: pinName).map { option($0.name, $0.value) } }
        return lines
    }

    /// Rejects values that could end a line early or be parsed as something else.
    private static func check(_ request: HTTPRequest) throws(OutboundError) {
        guard HeaderField.isToken(request.method) else { throw .invalidRequest("the method is no token") }
        let url = request.url.lowercasedASCII
        guard url.starts(withBytes: "http://") || url.starts(withBytes: "https://") else {
            throw .invalidRequest("the URL is neither http nor https")
        }
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidRequest("the URL has characters that must be percent-encoded")
        }
        for (name, value) in request.headers {
            guard HeaderField.isToken(name) else { throw .invalidRequest("a header's name is no token") }
            guard HeaderField.isValue(value) else {
                throw .invalidRequest("the header \(name) has control characters")
            }
        }
    }

    /// Writes one line. In quotes, `curl` knows `\\` and `\"`, and `\t` for a tab that it must not strip.
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
