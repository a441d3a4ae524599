import Glibc
import Platform

/// Our ends of the pipes to the input and output of a process.
struct ProcessPipes {
    /// -1 once closed, like `output`.
    private(set) var input: Int32
    private(set) var output: Int32
    private var isWatchingInput = false
    private let loop: EventLoop

    init(_ child: FunctionChild, loop: EventLoop) {
        (input, output) = (child.input, child.output)
        self.loop = loop
    }

    /// Calls the handler when the process has written something.
    func watchOutput(_ handler: any EventHandler) { loop.add(output, .readable, handler: handler) }

    /// Calls the handler when input can be written to the process.
    mutating func watchInput(_ handler: any EventHandler) {
        if isWatchingInput { return loop.update(input, .writable) }
        isWatchingInput = true
        loop.add(input, .writable, handler: handler)
    }

    func pauseInput() {
        if isWatchingInput { loop.pause(input) }
    }

    /// How many of the written bytes the process has not read; nil if the system does not tell.
    var unreadInput: Int? {
        var count: Int32 = 0
        return input >= 0 && ioctl(input, UInt(FIONREAD), &count) == 0 ? Int(count) : nil
    }

    /// Whether the process has output waiting to be read.
    var hasOutput: Bool {
        var count: Int32 = 0
        return output >= 0 && ioctl(output, UInt(FIONREAD), &count) == 0 && count > 0
    }

    mutating func closeAll() {
        if isWatchingInput { loop.remove(input) }
        isWatchingInput = false
        if input >= 0 { close(input) }
        input = -1
        if output >= 0 {
            loop.remove(output)
            close(output)
        }
        output = -1
    }
}
