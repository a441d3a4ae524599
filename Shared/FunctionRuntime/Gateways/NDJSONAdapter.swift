import Glibc
import Models
import Platform
import Wire

/// One request envelope per line on stdin and one response per line on stdout, until the end of the input.
///
/// A pipe with one line is a cold call, a process kept open is a warm instance, a file is a batch. Responses are
/// buffered, and written when no more input is available: a batch takes few system calls, and a warm caller gets its
/// response before the process waits.
struct NDJSONAdapter {
    private let program: Program
    private let input: LineReader
    private let sink: NDJSONSink

    /// How many bytes to buffer before writing: half of the capacity that an emptied buffer keeps.
    private static let flushSize = 128 * 1024
    /// The maximum size of an envelope without its body.
    private static let envelopeSize = 1 << 20

    init(serving program: Program) {
        self.program = program
        // Base64 makes a body 4/3 as long, and JSON escapes make text up to twice as long.
        input = LineReader(STDIN_FILENO, maximumLength: program.maximumBody * 2 + Self.envelopeSize)
        sink = NDJSONSink(
            output: StandardDescriptors.takeOutput(), input: input, takeRepeatedWrites: program.takeRepeatedWrites)
    }

    /// Serves until the end of the input. Returns 0, or 1 if responses could not be delivered.
    func run() -> Int32 {
        while true {
            switch input.next() {
            case .text(let line):
                serve(line)
                if sink.count >= Self.flushSize, !sink.flush() { return 1 }
            case .tooLong: Program.refuse(Program.tooLarge(program.maximumBody), to: sink)
            case .none:
                guard sink.flush() else { return 1 }
                program.afterwards()
                if Termination.isWanted { return 0 }
                if let resting = program.resting,
                    !Descriptor.isReadable(STDIN_FILENO, within: resting.milliseconds)
                {
                    resting.begin()
                }
                if !input.fill() { return 0 }
            }
        }
    }

    private func serve(_ line: UnsafeBufferPointer<UInt8>) {
        // A cancellation that arrives after its response is complete has nothing to cancel.
        if NDJSONSink.isCancellation(line) { return }
        program.serve(to: sink) { try RequestDecoder.decode(line) }
    }
}

/// Writes responses as lines. Whole responses are buffered; each part of a stream is written at once.
private final class NDJSONSink: ResponseSink {
    private let output: Int32
    private let input: LineReader
    private let takeRepeatedWrites: () -> Int
    private let encoder = ResponseEncoder(buffer: ByteBuffer(capacity: 64 * 1024))
    private var isBroken = false

    private static let cancellation: StaticString = "{\"cancel\":"

    init(output: Int32, input: LineReader, takeRepeatedWrites: @escaping () -> Int) {
        self.output = output
        self.input = input
        self.takeRepeatedWrites = takeRepeatedWrites
    }

    static func isCancellation(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        line.starts(with: UnsafeBufferPointer(start: cancellation.utf8Start, count: cancellation.utf8CodeUnitCount))
    }

    /// The number of buffered bytes.
    var count: Int { encoder.buffer.count }

    /// Writes the buffered bytes; false if the reader is gone.
    func flush() -> Bool {
        let isDelivered = Descriptor.writeAll(encoder.buffer.bytes, to: output)
        encoder.buffer.removeAll()
        return isDelivered
    }

    func send(_ response: Response, to request: Request) {
        encoder.write(
            response, to: request, withoutBody: request.method == "HEAD", repeatedWrites: takeRepeatedWrites())
    }

    func begin(_ response: Response, to request: Request) { encoder.writeStreamHead(response, to: request) }

    func send(part: String) {
        encoder.writeChunk(part)
        if !flush() { isBroken = true }
    }

    func send(part: [UInt8]) {
        encoder.writeChunk(part)
        if !flush() { isBroken = true }
    }

    func end(isComplete: Bool) { encoder.writeStreamEnd(repeatedWrites: takeRepeatedWrites()) }

    var isGone: Bool { isBroken || input.upcomingLine(beginsWith: Self.cancellation) }
}
