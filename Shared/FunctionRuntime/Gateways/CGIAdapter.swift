import CPlatform
import Glibc
import HTTP
import Models
import Platform
import Wire

/// CGI/1.1 (RFC 3875): a web server starts the executable for each request, with the request in the environment and the
/// body on stdin.
///
/// The body is read to its end before anything is written. Otherwise nginx with fcgiwrap, and Apache, deadlock when a
/// response of 300 kB precedes the end of a body of 1 MB: each side waits for the other to read.
struct CGIAdapter {
    private let program: Program
    private let response: CGIResponse<OutputBuffer>

    init(serving program: Program) {
        self.program = program
        // lighttpd kills a program as soon as it has the whole response, before the database is closed. The next
        // processes would then each have to read the whole log again.
        response = CGIResponse(
            to: OutputBuffer(to: StandardDescriptors.takeOutput()), beforeWhole: platform_hold_termination)
    }

    /// Serves the request. Returns 0, or 1 if the response could not be delivered.
    func run() -> Int32 {
        program.serve(to: response, readRequest)
        response.sink.flush()
        return response.sink.hasFailed ? 1 : 0
    }

    private func readRequest() throws -> Request {
        var variables = RequestVariables()
        Environment.eachVariable { name, value in variables.take(name[...], HeaderText.decode(value)) }
        let body = Result {
            try RequestBody(from: STDIN_FILENO, limit: program.maximumBody)
                .read(length: variables.contentLength, mayWait: variables.expectsBody)
        }
        var request = try variables.makeRequest(basePath: program.basePath)
        request.body = try body.get()
        return request
    }
}
