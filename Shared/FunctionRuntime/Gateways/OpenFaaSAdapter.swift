import Glibc
import HTTP
import Models
import Platform
import Wire

/// OpenFaaS's modes that start a process for every request (`classic`, `streaming` and `serializing`): the request
/// comes in variables such as `Http_Method`, its body on stdin, and only the body of the response goes to stdout.
///
/// These modes cannot carry a status or header fields. Errors show only in the body, and server errors also in the exit
/// status. In the mode `http`, the runner serves the functions without these limits.
/// https://github.com/openfaas/of-watchdog#modes
struct OpenFaaSAdapter {
    private let program: Program
    private let response = BodySink(to: OutputBuffer(to: StandardDescriptors.takeOutput()))

    init(serving program: Program) { self.program = program }

    /// Serves the request. Returns 0, or 1 for a status of 500 and above or if the response could not be delivered.
    func run() -> Int32 {
        program.serve(to: response, readRequest)
        response.sink.flush()
        return response.hasFailed || response.sink.hasFailed ? 1 : 0
    }

    private func readRequest() throws -> Request {
        var variables = RequestVariables()
        Environment.eachVariable { name, value in
            guard let field = name.without(prefix: "Http_") else { return }
            let value = HeaderText.decode(value)
            switch field {
            case "Method": variables.take("REQUEST_METHOD", value)
            case "Query": variables.take("QUERY_STRING", value)
            // The path is decoded, like PATH_INFO. The function's own address is a slash.
            case "Path": if value != "/" { variables.take("PATH_INFO", value) }
            default: variables.take("HTTP_\(field.uppercasedASCII)", value)
            }
        }
        // The watchdog closes stdin after the body, even if it is empty.
        let body = try RequestBody(from: STDIN_FILENO, limit: program.maximumBody).read(length: "", mayWait: true)
        var request = try variables.makeRequest(basePath: program.basePath)
        request.body = body
        return request
    }
}

/// Writes only the bodies of responses.
private final class BodySink: ResponseSink {
    let sink: OutputBuffer
    private(set) var hasFailed = false

    init(to sink: OutputBuffer) { self.sink = sink }

    func send(_ response: Response, to request: Request) {
        response.body.withBytes { if request.method != "HEAD" { sink.write($0) } }
        hasFailed = response.status >= 500
    }

    func begin(_ response: Response, to request: Request) {}

    func send(part: String) {
        var part = part
        part.withUTF8 { sink.write($0) }
        sink.flush()
    }

    func send(part: [UInt8]) {
        part.withUnsafeBufferPointer { sink.write($0) }
        sink.flush()
    }

    func end(isComplete: Bool) { hasFailed = !isComplete }

    var isGone: Bool { sink.isBroken }
}
