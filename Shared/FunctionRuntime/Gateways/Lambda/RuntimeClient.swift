import Glibc
import HTTP
import Platform
import Wire

/// A client of AWS Lambda's Runtime API: gets the next event, and sends its response.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
final class RuntimeClient {
    struct Invocation {
        let id: String
        /// When Lambda will end the function.
        let deadline: Timestamp
        let traceId: String?
        let event: ByteBuffer
    }

    /// The API is unreachable. All that a runtime can do then is exit.
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// An error in the API's form.
    struct Fault {
        /// `Category.Reason`.
        let type: String
        let message: String

        fileprivate var json: ByteBuffer {
            var writer = JSONWriter()
            writer.object { object in
                object.key("errorMessage")
                object.value(message)
                object.key("errorType")
                object.value(type)
            }
            return writer.buffer
        }
    }

    private let host: String
    private let address: IPAddress
    private let port: UInt16
    private let eventLimit: Int
    private var connection: HTTPConnection?

    private static let prefix = "/2018-06-01/runtime/"
    private static let attempts = 6
    /// The API's own responses are short.
    private static let replyLimit = 1 << 20

    /// - Parameter host: `AWS_LAMBDA_RUNTIME_API`, a numeric address or `localhost`, and a port.
    /// - Parameter eventLimit: in bytes.
    init(host: String, eventLimit: Int) throws(Failure) {
        let name = host.prefix(upTo: host.lastIndex(ofByte: ":") ?? host.endIndex)
        let numeric = name == "localhost" ? "127.0.0.1" : String(name.unicodeScalars.filter { $0 != "[" && $0 != "]" })
        guard let address = IPAddress(numeric),
            let port = host[name.endIndex...].without(prefix: ":").flatMap({ UInt16($0) })
        else {
            throw Failure(description: "AWS_LAMBDA_RUNTIME_API must be an address and a port, such as 127.0.0.1:9001")
        }
        self.host = host
        self.address = address
        self.port = port
        self.eventLimit = eventLimit
    }

    // MARK: Requests

    /// Waits for the next event.
    func next() throws(Failure) -> Invocation {
        let response = try exchange("GET", "invocation/next", limit: eventLimit)
        guard response.status == 200, let id = response.header("lambda-runtime-aws-request-id"), RequestID.isValid(id)
        else {
            throw Failure(description: "the Runtime API responded with \(response.status) instead of an event")
        }
        let deadline = max(0, response.header("lambda-runtime-deadline-ms").flatMap { Int64($0) } ?? Int64.max)
        return Invocation(
            id: id, deadline: Timestamp(milliseconds: deadline), traceId: response.header("lambda-runtime-trace-id"),
            event: response.body)
    }

    /// Sends a response. If the API rejects it, that is only logged.
    func respond(to id: String, _ body: ByteBuffer) throws(Failure) {
        check(try exchange("POST", "invocation/\(id)/response", body: body), id)
    }

    func fail(_ id: String, _ fault: Fault) throws(Failure) {
        check(try exchange("POST", "invocation/\(id)/error", body: fault.json, errorType: fault.type), id)
    }

    /// Reports that the function cannot start.
    func failStart(_ fault: Fault) throws(Failure) {
        _ = try exchange("POST", "init/error", body: fault.json, errorType: fault.type)
    }

    private func check(_ response: HTTPConnection.Response, _ id: String) {
        guard response.status != 202 else { return }
        Log.write(
            .error, "Lambda refused a response",
            [
                "requestId": .string(id), "status": .int(Int64(response.status)),
                "cause": .string(String(response.body.text.prefix(500))),
            ])
    }

    // MARK: Streams

    /// Begins a chunked response, to be written to the returned connection until `endStream`.
    func beginStream(to id: String) throws(Failure) -> HTTPConnection {
        let connection = try openConnection()
        writeHead(
            "POST", "invocation/\(id)/response", to: connection.output,
            [
                ("Content-Type", "application/vnd.awslambda.http-integration-response"),
                ("Lambda-Runtime-Function-Response-Mode", "streaming"), ("Transfer-Encoding", "chunked"),
                ("Trailer", "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"),
            ])
        return connection
    }

    /// - Parameter fault: why the response is incomplete, sent in trailers.
    func endStream(_ connection: HTTPConnection, of id: String, _ fault: Fault?) throws(Failure) {
        let end = ByteBuffer("0\r\n")
        if let fault {
            end.append("Lambda-Runtime-Function-Error-Type: \(fault.type)\r\n")
            end.append("Lambda-Runtime-Function-Error-Body: ")
            let json = fault.json
            withExtendedLifetime(json) { Base64.encode(json.bytes, into: end) }
            end.append("\r\n")
        }
        end.append("\r\n")
        connection.output.write(end)
        connection.output.flush()
        do throws(HTTPConnection.Failure) {
            check(try connection.readResponse(limit: Self.replyLimit), id)
            if !connection.isReusable { self.connection = nil }
        } catch {
            // Parts of the response have arrived, so it cannot be sent again.
            self.connection = nil
            Log.write(
                .error, "Lambda closed the connection during a response",
                ["requestId": .string(id), "cause": .string(error.description)])
        }
    }

    // MARK: HTTP

    /// Sends a request, and retries on a new connection if the old one breaks.
    private func exchange(
        _ method: String, _ path: String, body: ByteBuffer? = nil, errorType: String? = nil, limit: Int = replyLimit
    ) throws(Failure) -> HTTPConnection.Response {
        var headers: [(String, String)] = []
        if let body { headers += [("Content-Type", "application/json"), ("Content-Length", String(body.count))] }
        if let errorType { headers.append(("Lambda-Runtime-Function-Error-Type", errorType)) }
        var reason = ""
        for attempt in 0..<Self.attempts {
            if attempt > 0 { usleep(10_000 << UInt32(attempt)) }
            do throws(HTTPConnection.Failure) {
                let connection = try currentConnection()
                writeHead(method, path, to: connection.output, headers)
                if let body { connection.output.write(body) }
                connection.output.flush()
                let response = try connection.readResponse(limit: limit)
                if !connection.isReusable { self.connection = nil }
                return response
            } catch {
                connection = nil
                reason = error.description
            }
        }
        throw Failure(description: "the Runtime API at \(host) does not respond: \(reason)")
    }

    private func openConnection() throws(Failure) -> HTTPConnection {
        do throws(HTTPConnection.Failure) { return try currentConnection() } catch {
            throw Failure(description: "the Runtime API at \(host): \(error.description)")
        }
    }

    /// The open connection, unless the server has closed it.
    private func currentConnection() throws(HTTPConnection.Failure) -> HTTPConnection {
        if let connection, !connection.hasSpoken { return connection }
        let opened = try HTTPConnection(to: address, port: port)
        connection = opened
        return opened
    }

    private func writeHead(_ method: String, _ path: String, to output: OutputBuffer, _ headers: [(String, String)]) {
        let head = ByteBuffer("\(method) \(Self.prefix)\(path) HTTP/1.1\r\nHost: \(host)\r\n")
        for (name, value) in headers { head.append("\(name): \(value)\r\n") }
        head.append("\r\n")
        output.write(head)
    }
}
