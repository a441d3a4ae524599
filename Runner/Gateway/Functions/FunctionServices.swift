import Glibc

/// The state that all processes of all functions share.
final class FunctionServices {
    let loop: EventLoop
    let log: GatewayLog
    let environment: ChildEnvironment
    let limits: FunctionLimits
    let reader = AnswerReader()
    /// The buffer into which output is read, as large as a pipe. Used only within one call.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    /// Whether there are enough descriptors to keep every executable open.
    let holdsExecutables: Bool
    /// If the system grants fewer, connections and processes get all of them. A failing version cannot be rolled back then.
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
