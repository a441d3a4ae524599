import Glibc
import Models
import Platform
import Wire

/// AWS Lambda: takes one event after another from its Runtime API. Events from API Gateway (REST and HTTP APIs),
/// function URLs and load balancers are requests. A schedule's event is a bare envelope, so it can run functions that
/// have no route.
struct LambdaAdapter {
    private let program: Program
    private let client: RuntimeClient
    /// Whether the function has a URL with the invoke mode `RESPONSE_STREAM`. Events do not say so.
    private let streams: Bool
    private let trace = TraceVariable()

    struct CannotStart: Error, CustomStringConvertible { let description: String }

    /// The largest response without streaming, in bytes.
    private static let responseLimit = 6_291_556
    /// The largest response to a load balancer, in bytes.
    private static let loadBalancerLimit = 1_000_000
    /// More than Lambda's largest event, in bytes.
    private static let eventLimit = 16 << 20
    /// Streams end this many milliseconds before the function's timeout.
    private static let reserve: Int64 = 500

    init(serving program: Program) throws {
        self.program = program
        client = try Self.makeClient()
        switch Environment.value("FUNCTION_STREAMING") ?? "" {
        case "", "0": streams = false
        case "1": streams = true
        default: throw CannotStart(description: "FUNCTION_STREAMING must be one of: 1, 0")
        }
        StandardDescriptors.divertOutput()
    }

    private static func makeClient() throws(RuntimeClient.Failure) -> RuntimeClient {
        try RuntimeClient(host: Environment.value("AWS_LAMBDA_RUNTIME_API") ?? "", eventLimit: eventLimit)
    }

    /// Serves until Lambda ends the process. Returns 1 if the Runtime API fails.
    func run() -> Int32 {
        do throws(RuntimeClient.Failure) {
            while true { try serve(try client.next()) }
        } catch {
            Log.write(.error, "The function stops", ["cause": .string(error.description)])
            return 1
        }
    }

    /// Reports to Lambda that the function cannot start.
    static func report(_ problem: String) {
        do throws(RuntimeClient.Failure) {
            try makeClient().failStart(.init(type: "Function.ConfigurationInvalid", message: problem))
        } catch {
            Log.write(.error, "Cannot report to Lambda", ["cause": .string(error.description)])
        }
    }

    // MARK: One event

    private func serve(_ invocation: RuntimeClient.Invocation) throws(RuntimeClient.Failure) {
        trace.set(invocation.traceId)
        var request: Request
        do {
            request = try PlatformEvent.request(from: invocation.event)
        } catch {
            let message = (error as? APIError)?.message ?? "\(error)"
            return try client.fail(invocation.id, .init(type: "Function.EventInvalid", message: message))
        }
        if request.isBare { request.id = invocation.id }
        if streams, !request.isBare { return try stream(&request, invocation) }

        let buffered = BufferedResponse { Self.isOverdue(invocation) }
        program.serve(&request, to: buffered)
        guard let response = buffered.response else { return }
        if let failure = PlatformEvent.failure(response, to: request, of: program) {
            return try client.fail(invocation.id, .init(type: "Function.Failed", message: failure))
        }
        try client.respond(to: invocation.id, encoded(response, to: request))
    }

    private func stream(_ request: inout Request, _ invocation: RuntimeClient.Invocation) throws(RuntimeClient.Failure)
    {
        let connection = try client.beginStream(to: invocation.id)
        let stream = LambdaStream(to: connection) { Self.isOverdue(invocation) }
        program.serve(&request, to: stream)
        let fault = RuntimeClient.Fault(
            type: "Function.StreamFailed", message: "The response ended early; see the log")
        try client.endStream(connection, of: invocation.id, stream.hasFailed ? fault : nil)
    }

    private static func isOverdue(_ invocation: RuntimeClient.Invocation) -> Bool {
        Timestamp.now().milliseconds >= invocation.deadline.milliseconds - reserve
    }

    /// The response as an envelope, or an error if it is too large for the gateway.
    private func encoded(_ response: Response, to request: Request) -> ByteBuffer {
        let buffer = ByteBuffer()
        let encoder = ResponseEncoder(buffer: buffer)
        encoder.write(response, to: request, withoutBody: request.method == "HEAD")
        let limit = request.format.isLoadBalancer ? Self.loadBalancerLimit : Self.responseLimit
        guard buffer.count > limit else { return buffer }
        buffer.removeAll()
        let error = APIError(
            .payloadTooLarge,
            "The response is larger than the \(limit) bytes that the gateway passes on; ask for a part of it",
            details: ["maxBytes": .int(Int64(limit))])
        encoder.write(program.response(to: error, request), to: request)
        return buffer
    }
}

/// The variable in which AWS's own runtimes keep the trace id of the current event.
private struct TraceVariable {
    /// Puts the trace id into the environment. NB: `setenv` never frees earlier values.
    private let storage: UnsafeMutablePointer<CChar>

    private static let name = "_X_AMZN_TRACE_ID="
    private static let capacity = 512

    init() {
        storage = .allocate(capacity: Self.capacity)
        set(nil)
        putenv(storage)
    }

    func set(_ id: String?) {
        let text = Array((Self.name + (id ?? "")).utf8.prefix(Self.capacity - 1)) + [0]
        for (index, byte) in text.enumerated() { storage[index] = CChar(bitPattern: byte) }
    }
}
