import Glibc

/// What all processes of all functions share.
final class FunctionServices {
    let loop: EventLoop
    let log: GatewayLog
    let environment: ChildEnvironment
    let limits: FunctionLimits
    let reader = AnswerReader()
    /// The buffer that output is read into, as large as a pipe. Used within one call only.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    /// Whether there are enough descriptors to keep every executable open.
    let holdsExecutables: Bool
    /// If the system grants fewer, all are for connections and processes.
    private static let fewDescriptors = 256

    /// - Parameter descriptors: how many the system grants.
    init(loop: EventLoop, log: GatewayLog, environment: ChildEnvironment, limits: FunctionLimits, descriptors: Int) {
        holdsExecutables = descriptors >= Self.fewDescriptors
        self.loop = loop
        self.log = log
        self.environment = environment
        self.limits = limits
    }

    deinit { scratch.deallocate() }
}
