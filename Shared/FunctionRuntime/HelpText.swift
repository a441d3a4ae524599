import Glibc
import Platform
import Wire

/// The part of `--help` that only the function knows.
public struct FunctionHelp {
    /// What the function does, in one line.
    public var summary: String
    /// Its input, one field per line.
    public var input: String
    /// An envelope that calls it.
    public var example: JSON

    public init(summary: String, input: String, example: JSON) {
        self.summary = summary
        self.input = input
        self.example = example
    }
}

extension Program {
    /// The text of `--help`, also printed when somebody starts the function in a terminal.
    func helpText(_ choice: GatewayChoice) -> String {
        let help = help()
        let place = path.isEmpty ? "(not reachable over HTTP)" : "\(methods.first ?? "") \(basePath)\(path)"
        return """
            \(name) \(version)  \(place)

                \(help.summary)

            USAGE
                \(name) < requests.ndjson > responses.ndjson
                echo '{}' | \(name)
                \(name) [--gateway NAME]
                \(name) --describe | --help | --version

            Reads request envelopes from stdin, one JSON object per line, and writes one response per line
            to stdout until the end of the input. An envelope is API Gateway's payload (format 2.0 or 1.0);
            fields that the endpoint does not need may be left out. Logs go to stderr.

            INPUT
            \(help.input)

            OPTIONS
                --gateway     Override gateway detection (also FUNCTION_GATEWAY).
                --describe    Print the function's description as JSON.
                --help        Print this text.
                --version     Print the version.

            GATEWAYS, detected in this order
            \(gateways)
                Here: \(choice.gateway?.rawValue ?? "none"), because \(choice.reason).

            EXAMPLE
                \(command(sending: help.example.text))
            """
    }

    private var gateways: String {
        Gateway.allCases.map { gateway in
            let name = gateway.rawValue
            return "    " + name + String(repeating: " ", count: 14 - name.utf8.count) + gateway.summary
        }.joined(separator: "\n")
    }

    private func command(sending envelope: String) -> String {
        // In some shells, echo interprets backslashes.
        "\(envelope.contains(byte: "\\") ? "printf '%s\\n'" : "echo") '\(envelope)' | \(name)"
    }
}

enum CommandLineText {
    static func print(_ text: String) {
        let line = ByteBuffer(text)
        if !text.ends(withBytes: "\n") { line.append(UInt8(ascii: "\n")) }
        Descriptor.writeAll(line.bytes, to: STDOUT_FILENO)
    }
}
