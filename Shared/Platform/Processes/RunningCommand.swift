import Glibc
import Wire

/// A program that runs while this process continues. Releasing this object ends it. Its stdout is not read, so it must
/// not write there. Of `Command.limits`, only memory and processor time apply.
public final class RunningCommand {
    private let child: ChildProcess

    /// Throws `CommandError` when it cannot be started.
    public init(_ command: Command) throws { child = try ChildProcess(command) }

    /// Whether it has ended. Output from before may still be unread.
    public var hasEnded: Bool { child.hasEnded }

    /// Reads output without waiting.
    ///
    /// - Parameters:
    ///   - errors: takes pieces of stderr.
    ///   - extra: takes pieces of an extra output, by its number from 0; false when nothing more is wanted of it. The
    ///     program's further writes to it fail then.
    public func readWhatCame(
        errors: (UnsafeBufferPointer<UInt8>) -> Void, extra: (Int, UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        child.readWhatCame(errors: errors, extra: extra)
    }

    /// Wants nothing more of an extra output.
    public func closeExtraOutput(_ number: Int) { child.closeExtraOutput(number) }

    /// Descriptors that become readable when there is something to read, or when the program ends.
    public var descriptors: [Int32] { child.descriptors }

    /// Waits until one of these descriptors is readable, for so many milliseconds at most.
    public static func wait(for descriptors: [Int32], atMost milliseconds: Int) {
        var waiting = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        poll(&waiting, nfds_t(waiting.count), Int32(clamping: max(0, milliseconds)))
    }
}
