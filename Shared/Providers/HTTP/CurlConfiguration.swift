import HTTP
import Wire

/// A request in the language of `curl --config`, where no other process can read it.
enum CurlConfiguration {
    /// The first descriptor that `curl` reads a body from.
    private static let firstInput = 3

    static func text(for request: HTTPRequest) throws(OutboundError) -> String {
        let lines = ["show-error"] + (try lines(for: request, body: firstInput, pinName: Pin.name(0)))
        return lines.joined(separator: "\n") + "\n"
    }

    /// For all of them at the same time. The bodies, an empty one where there is none, are on the descriptors from 3
    /// on, the responses go to those after them; and when an exchange is over, `curl` writes a line to stderr:
    /// `marker`, the number of the request, curl's exit status for it, the response's status, the seconds that it took,
    /// and a message.
    ///
    /// - Parameter atOnce: for requests that all have the same pin, how many are under way at the same time; the others
    ///   follow on the same connections.
    static func text(
        forParallel requests: [HTTPRequest], atOnce: Int?, marker: String
    ) throws(OutboundError) -> String {
        var groups: [[String]] = [["parallel", "parallel-immediate", "no-progress-meter"]]
        groups[0].append("parallel-max = \(max(1, atOnce ?? requests.count))")
        for (index, request) in requests.enumerated() {
            // A name for each pin: `curl` shares what it knows of names, and its connections, between all of them.
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
            // Nothing but the response, each piece at once, heads included.
            "silent", "no-buffer", "include", "suppress-connect-headers",
            // Brackets and braces in a URL are not patterns, and no scheme but these leads anywhere.
            "globoff", option("proto", "=http,https"),
            option("url", request.url),
            option("connect-timeout", seconds(request.limits.connecting)),
            option("max-time", seconds(request.limits.total)),
            option("user-agent", "AINexLayer"),
            // Without it `curl` waits a second for servers that know nothing of "100 Continue".
            option("header", "Expect:"),
        ]
        // With `request`, `curl` would wait for the body that an answer to HEAD announces.
        lines.append(request.method == "HEAD" ? "head" : option("request", request.method))
        if request.body != nil {
            lines.append(option("data-binary", "@/dev/fd/\(body)"))
            if !request.headers.contains(where: { $0.name.lowercasedASCII == "content-type" }) {
                lines.append(option("header", "Content-Type: application/octet-stream"))
            }
        }
        for (name, value) in request.headers {
            // `Name:` with nothing behind it would take the header away.
            lines.append(option("header", value.isEmpty ? "\(name);" : "\(name): \(value)"))
        }
        if let pin = request.pin { lines += pin.options(name: pinName).map { option($0.name, $0.value) } }
        return lines
    }

    /// Refuses what could end a line early or be read as something else.
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

    /// One line. In quotes `curl` knows `\\` and `\"`, and `\t` for what is not to be cut off.
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
