import Glibc
import Models
import Wire

/// One request envelope a line on stdin, one answer a line on stdout, until the end of the input.
///
/// A pipe of one line is a cold call, a process kept open is a warm instance, a file is a batch.
/// Answers are gathered and written when there is nothing more to read at once, so that a batch
/// costs few system calls and a warm caller still gets its answer before the process waits.
struct LinesAdapter {
    private let program: Program
    private let output: Int32
    private let input: LineReader
    private let answers = ByteBuffer(capacity: 64 * 1024)

    /// How much is gathered before it is written.
    private static let flushSize = 256 * 1024
    /// Room in a line for everything but the body.
    private static let envelopeSize = 1 << 20

    /// Takes the real stdout away: from now on a stray `print` goes to stderr and cannot corrupt an
    /// answer.
    init(serving program: Program) {
        self.program = program
        output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        dup2(STDERR_FILENO, STDOUT_FILENO)
        signal(SIGPIPE, SIG_IGN)
        // Base64 makes a body 4/3 of its size, JSON's escapes make text up to twice as long.
        input = LineReader(STDIN_FILENO, maximumLength: program.maximumBody * 2 + Self.envelopeSize)
    }

    /// Serves until the end of the input. 0, or 1 when answers could not be delivered.
    func run() -> Int32 {
        while true {
            switch input.next() {
            case .text(let line):
                serve(line)
                if answers.count >= Self.flushSize, !flush() { return 1 }
            case .tooLong: write(Program.tooLarge(program.maximumBody))
            case .none:
                guard flush() else { return 1 }
                if !input.fill() { return 0 }
            }
        }
    }

    private func flush() -> Bool {
        let isDelivered = Descriptor.writeAll(answers.bytes, to: output)
        answers.removeAll()
        return isDelivered
    }

    // MARK: One line

    private static let cancellation: StaticString = "{\"cancel\":"

    private func serve(_ line: UnsafeBufferPointer<UInt8>) {
        // A cancellation that came after its answer was complete has nothing left to cancel.
        if line.starts(with: UnsafeBufferPointer(start: Self.cancellation.utf8Start, count: Self.cancellation.utf8CodeUnitCount)) {
            return
        }
        do {
            var request = try RequestDecoder.decode(line)
            let response = program.answer(&request)
            if case .stream(let produce) = response.body, request.method != "HEAD" {
                stream(response, to: request, produce)
            } else {
                ResponseEncoder(buffer: answers).write(response, to: request, withoutBody: request.method == "HEAD")
            }
        } catch {
            write(error)
        }
    }

    /// Answers what is no request, and so has no id of its own.
    private func write(_ error: any Error) {
        let request = Request(id: ULID.make(at: .now()))
        ResponseEncoder(buffer: answers).write(Program.response(to: error, requestId: request.id), to: request)
    }

    private func stream(_ response: Response, to request: Request, _ produce: (any ResponseStream) throws -> Void) {
        let encoder = ResponseEncoder(buffer: answers)
        let stream = LineStream(encoder: encoder, output: output, input: input) {
            encoder.writeStreamHead(response, to: request)
        }
        do {
            try produce(stream)
        } catch where !stream.hasBegun {
            return encoder.write(program.response(to: error, request), to: request)
        } catch {
            let cause = (error as? APIError).map { $0.cause ?? $0.message } ?? "\(error)"
            Log.write(
                .error, "The stream ended early", ["requestId": .string(request.id), "cause": .string(cause)])
        }
        stream.begin()
        encoder.writeStreamEnd()
    }

    /// A streamed answer as lines: each part leaves the process at once, the head with the first.
    private final class LineStream: ResponseStream {
        private let encoder: ResponseEncoder
        private let output: Int32
        private let input: LineReader
        private let writeHead: () -> Void
        private var isBroken = false
        private(set) var hasBegun = false

        init(encoder: ResponseEncoder, output: Int32, input: LineReader, writeHead: @escaping () -> Void) {
            self.encoder = encoder
            self.output = output
            self.input = input
            self.writeHead = writeHead
        }

        func begin() {
            if !hasBegun { writeHead() }
            hasBegun = true
        }

        func send(_ text: String) throws {
            begin()
            encoder.writeChunk(text)
            if !Descriptor.writeAll(encoder.buffer.bytes, to: output) { isBroken = true }
            encoder.buffer.removeAll()
        }

        var isCancelled: Bool { isBroken || input.upcomingLine(beginsWith: LinesAdapter.cancellation) }
    }
}
