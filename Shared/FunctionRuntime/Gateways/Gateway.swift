import Glibc
import Platform
import Wire

/// The kinds of callers, in the order of detection.
enum Gateway: String, CaseIterable {
    /// AWS Lambda's Runtime API.
    case lambda
    /// OpenWhisk's action loop.
    case openwhisk
    /// A web server that passes its connections to long-running processes.
    case fastcgi
    /// A web server that starts a process for every request.
    case cgi
    /// OpenFaaS's watchdog in the modes that start a process for every request.
    case openfaas
    /// Request envelopes on stdin, one per line: a pipe, a batch file, or the runner.
    case lines

    /// The gateway and how it is detected, for the help text.
    var summary: String {
        switch self {
        case .lambda: "AWS Lambda's Runtime API (AWS_LAMBDA_RUNTIME_API)"
        case .openwhisk: "OpenWhisk's action loop (__OW_PROXY_VERSION or __OW_WAIT_FOR_ACK, descriptor 3 a pipe)"
        case .fastcgi: "FastCGI (descriptor 0 is a listening socket)"
        case .cgi: "CGI/1.1 (GATEWAY_INTERFACE)"
        case .openfaas: "OpenFaaS's classic, streaming and serializing modes (Http_Method)"
        case .lines: "envelopes on stdin: a pipe, a file, the runner (anything except a terminal)"
        }
    }
}

/// The detected gateway, and the reason for the choice.
struct GatewayChoice {
    /// Nil if stdin is a terminal.
    let gateway: Gateway?
    let reason: StaticString

    /// No gateway has that name.
    struct UnknownName: Error, CustomStringConvertible {
        let description: String

        init(_ name: String, from source: String) {
            let names = Gateway.allCases.map(\.rawValue).joined(separator: ", ")
            description = "\(source) must be one of: \(names)"
        }
    }

    /// Detects the gateway from the environment and from stdin. The order matters: servers pass on their own
    /// environment, so the most reliable sign comes first.
    ///
    /// - Parameter name: the value of `--gateway`.
    static func detect(named name: String?) throws(UnknownName) -> GatewayChoice {
        if let name { return GatewayChoice(gateway: try gateway(name, from: "--gateway"), reason: "--gateway says so") }
        if let name = Environment.value("FUNCTION_GATEWAY"), !name.isEmpty {
            return GatewayChoice(
                gateway: try gateway(name, from: "FUNCTION_GATEWAY"), reason: "FUNCTION_GATEWAY says so")
        }
        if Environment.isSet("NEXLAYER_RUNNER") {
            return GatewayChoice(gateway: .lines, reason: "the runner started it")
        }
        if Environment.isSet("AWS_LAMBDA_RUNTIME_API") {
            return GatewayChoice(gateway: .lambda, reason: "AWS_LAMBDA_RUNTIME_API is set")
        }
        if OpenWhiskAdapter.isCaller {
            return GatewayChoice(gateway: .openwhisk, reason: "descriptor 3 is OpenWhisk's")
        }
        // NB: not just any socket, because Apache's mod_cgid gives CGI programs a connected one.
        if Descriptor.isListening(STDIN_FILENO) {
            return GatewayChoice(gateway: .fastcgi, reason: "descriptor 0 is a listening socket")
        }
        if isCGI { return GatewayChoice(gateway: .cgi, reason: "GATEWAY_INTERFACE is set") }
        if Environment.isSet("Http_Method") { return GatewayChoice(gateway: .openfaas, reason: "Http_Method is set") }
        if isatty(STDIN_FILENO) == 1 { return GatewayChoice(gateway: nil, reason: "stdin is a terminal") }
        return GatewayChoice(gateway: .lines, reason: "stdin is a pipe or a file")
    }

    /// Whether a web server started this process for one request. The arguments then come from the client, because
    /// servers turn `GET /health?--describe` into the argument `--describe` (RFC 3875 section 4.4).
    static var isCGI: Bool { Environment.value("GATEWAY_INTERFACE")?.starts(withBytes: "CGI/") ?? false }

    private static func gateway(_ name: String, from source: String) throws(UnknownName) -> Gateway {
        guard let gateway = Gateway(rawValue: name) else { throw UnknownName(name, from: source) }
        return gateway
    }
}
