import Glibc
import Models
import Platform
import Wire

/// One request envelope a line on stdin, one answer a line on stdout, until the end of the input.
///
/// A pipe of one line is a cold call, a process kept open is a warm instance, a file is a batch.
/// Answers are gathered and written when there is nothing more to read at once, so that a batch
/// costs few system calls and a warm caller still gets its answer before the process waits.
struct LinesAdapter {
    private let program: Program
    private let input: LineReader
    private let answers: LineTarget

    /// How much is gathered before it is written: half of what an emptied buffer keeps of its room.
    private static let flushSize = 128 * 1024
    /// Room in a line for everything but the body.
    private static let envelopeSize = 1 << 20

    init(serving program: Program) {
        self.program = program
        // Base64 makes a body 4/3 of its size, JSON's escapes make text up to twice as long.
        input = LineReader(STDIN_FILENO, maximumLength: program.maximumBody * 2 + Self.envelopeSize)
        answers = LineTarget(output: StandardDescriptors.takeOutput(), input: input)
    }

    /// Serves until the end of the input. 0, or 1 when answers could not be delivered.
    func run() -> Int32 {
        while true {
            switch input.next() {
            case .text(let line):
                serve(line)
                if answers.count >= Self.flushSize, !answers.flush() { return 1 }
            case .tooLong: Program.refuse(Program.tooLarge(program.maximumBody), to: answers)
            case .none:
                guard answers.flush() else { return 1 }
                program.afterwards()
                if Termination.isWanted || !input.fill() { return 0 }
            }
        }
    }

    private func serve(_ line: UnsafeBufferPointer<UInt8>) {
        // A cancellation that came after its answer was complete has nothing left to cancel.
        if LineTarget.isCancellation(line) { return }
        program.serve(to: answers) { try RequestDecoder.decode(line) }
    }
}

/// Answers as lines. Whole ones are gathered; each part of a stream leaves the process at once.
private final class LineTarget: AnswerTarget {
    private let output: Int32
    private let input: LineReader
    private let encoder = ResponseEncoder(buffer: ByteBuffer(capacity: 64 * 1024))
    private var isBroken = false

    private static let cancellation: StaticString = "{\"cancel\":"

    init(output: Int32, input: LineReader) {
        self.output = output
        self.input = input
    }

    static func isCancellation(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        line.starts(with: UnsafeBufferPointer(start: cancellation.utf8Start, count: cancellation.utf8CodeUnitCount))
    }

    /// Bytes that wait to be written.
    var count: Int { encoder.buffer.count }

    /// Writes what was gathered; false when nobody reads it.
    func flush() -> Bool {
        let isDelivered = Descriptor.writeAll(encoder.buffer.bytes, to: output)
        encoder.buffer.removeAll()
        return isDelivered
    }

    func send(_ response: Response, to request: Request) {
        encoder.write(response, to: request, withoutBody: request.method == "HEAD")
    }

    func begin(_ response: Response, to request: Request) { encoder.writeStreamHead(response, to: request) }

    func send(part: String) {
        encoder.writeChunk(part)
        if !flush() { isBroken = true }
    }

    func end(isComplete: Bool) { encoder.writeStreamEnd() }

    var isGone: Bool { isBroken || input.upcomingLine(beginsWith: Self.cancellation) }
}
