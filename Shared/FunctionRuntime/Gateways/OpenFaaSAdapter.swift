import Glibc
import HTTP
import Models
import Platform
import Wire

/// OpenFaaS's modes that start a process for every request (`classic`, `streaming` and `serializing`):
/// the request in variables like `Http_Method`, the body on stdin, and the bare body of the answer on
/// stdout.
///
/// They have no place for a status or header fields. Errors show in the body, and those of our own side
/// also in the exit status. In the mode `http` the runner serves the functions, with everything.
/// https://github.com/openfaas/of-watchdog#modes
struct OpenFaaSAdapter {
    private let program: Program
    private let answer = BareBody(to: OutputBuffer(to: StandardDescriptors.takeOutput()))

    init(serving program: Program) { self.program = program }

    /// Serves the request. 0, or 1 for an answer of 500 and above, or one that could not be delivered.
    func run() -> Int32 {
        program.serve(to: answer, readRequest)
        answer.sink.flush()
        return answer.hasFailed || answer.sink.hasFailed ? 1 : 0
    }

    private func readRequest() throws -> Request {
        var variables = RequestVariables()
        Environment.eachVariable { name, value in
            guard let field = name.without(prefix: "Http_") else { return }
            let value = HeaderText.decode(value)
            switch field {
            case "Method": variables.take("REQUEST_METHOD", value)
            case "Query": variables.take("QUERY_STRING", value)
            // Decoded, like the variable of that name. The function's own address ends in a slash.
            case "Path": if value != "/" { variables.take("PATH_INFO", value) }
            default: variables.take("HTTP_\(field.uppercasedASCII)", value)
            }
        }
        // The watchdog closes stdin behind the body, and behind none.
        let body = try RequestBody(from: STDIN_FILENO, limit: program.maximumBody).read(length: "", mayWait: true)
        var request = try variables.makeRequest(basePath: program.basePath)
        request.body = body
        return request
    }
}

/// Nothing but the bodies of answers.
private final class BareBody: AnswerTarget {
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

    func end(isComplete: Bool) { hasFailed = !isComplete }

    var isGone: Bool { sink.isBroken }
}
