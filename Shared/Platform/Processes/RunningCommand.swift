import Glibc
import Wire

/// A program that runs while this process continues. Releasing this object ends it. Its stdout is not read, so it must
/// not write there. Of `Command.limits`, only memory and processor time apply.
public final class RunningCommand {
    private let child: ChildProcess

    /// Throws `CommandError` if it cannot be started.
    public init(_ command: Command) throws { child = try ChildProcess(command) }

    /// Whether it has ended. There may still be unread output.
    public var hasEnded: Bool { child.hasEnded }

    /// Reads output without waiting.
    ///
    /// - Parameters:
    ///   - errors: takes pieces of stderr.
    ///   - extra: takes pieces of an extra output, by its number from 0. Return false to close that output; the
    ///     program's further writes to it then fail.
    public func readWhatCame(
        errors: (UnsafeBufferPointer<UInt8>) -> Void, extra: (Int, UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        child.readWhatCame(errors: errors, extra: extra)
    }

    /// Closes an extra output: the program's further writes to it fail.
    public func closeExtraOutput(_ number: Int) { child.closeExtraOutput(number) }

    /// Descriptors that become readable when there is output to read, or when the program ends.
    public var descriptors: [Int32] { child.descriptors }

    /// Waits until one of these descriptors is readable, at most that many milliseconds.
    public static func wait(for descriptors: [Int32], atMost milliseconds: Int) {
        var waiting = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        poll(&waiting, nfds_t(waiting.count), Int32(clamping: max(0, milliseconds)))
    }
}
