import Glibc

/// The processes of one function, and the requests that wait for one of them.
final class FunctionPool {
    private var description: FunctionDescription
    var name: String { description.name }
    var path: String { executable.path }
    /// Seconds that a request may take.
    var timeout: Double { description.timeout }
    var maximumBodyBytes: Int { description.maximumBodyBytes }
    /// How many processes there may be, and how many there are even when nothing is asked.
    let range: ClosedRange<Int>

    let statistics = FunctionStatistics()
    private let services: FunctionServices
    /// Idle processes, the most recently used one last.
    private(set) var idle: [FunctionProcess] = []
    /// Processes that serve: the idle and the busy ones.
    private(set) var processCount = 0
    private var queue: [Exchange?] = []
    private var queueStart = 0
    /// The version that processes are started from.
    private var executable: Executable
    /// The version before it, until it has answered a request.
    private var previous: (executable: Executable, description: FunctionDescription)?
    /// Told of the description that holds again when the version before is used again.
    var onRollback: (FunctionDescription) -> Void = { _ in }
    /// Until when requests wait for a new version.
    private var heldUntil = Int64.min
    private var failedStarts = 0
    private var nextWarming = Int64.min

    /// The request that has waited longest.
    var firstWaiting: Exchange? { queueStart < queue.count ? queue[queueStart] : nil }
    var hasWaiting: Bool { queueStart < queue.count }
    var waitingCount: Int { queue.count - queueStart }

    init(_ description: FunctionDescription, _ executable: Executable, services: FunctionServices) {
        self.description = description
        range = services.limits.processes(of: description.name)
        self.executable = executable
        self.services = services
    }

    // MARK: Versions

    /// Whether the function is gone from the folder, and takes no more requests.
    var isRetired = false
    /// Whether the function may not be started at the moment.
    var isStopped = false
    /// Whether the log says already that no process can be started.
    var hasReportedFailure = false

    /// How often a new version may end before its first answer.
    private static let trials = 3

    /// Whether requests wait for a new version that is about to be used.
    var isHeld: Bool { services.loop.now < heldUntil }

    /// Begins to wait; what waits already does not wait longer.
    func hold(for seconds: Double) {
        if heldUntil == .min { heldUntil = services.loop.now + Clock.seconds(seconds) }
    }
    func release() { heldUntil = .min }

    /// Uses another version from now on. Idle processes of the old one are ended; busy ones are when they
    /// come back.
    func replace(with version: Executable, _ description: FunctionDescription) {
        previous = previous ?? (executable, self.description)
        use(version)
        self.description = description
    }

    func uses(_ version: Executable) -> Bool { executable.identity == version.identity }

    private func use(_ version: Executable) {
        executable = version
        failedStarts = 0
        nextWarming = .min
        for process in idle { process.end() }
    }

    func isCurrent(_ process: FunctionProcess) -> Bool { process.executable === executable }

    /// A process has answered: its version works.
    func noteAnswer(of process: FunctionProcess) {
        guard isCurrent(process) else { return }
        previous = nil
        failedStarts = 0
    }

    /// A process has ended without ever having given an answer that can be passed on, or none in time. Where a new version does nothing else, the one
    /// before it is used again.
    /// - Returns: whether the version was on trial, so that its request is worth another try.
    func noteFailedStart(of process: FunctionProcess) -> Bool {
        // By now another version is used, which may do better.
        guard isCurrent(process) else { return true }
        failedStarts += 1
        // NB: a function that cannot start is not started again and again only to be warm.
        nextWarming = services.loop.now + Clock.seconds(min(60, 0.25 * Double(1 << min(failedStarts, 8))))
        guard let working = previous else { return false }
        // Once may be an accident: somebody has killed it.
        if failedStarts < Self.trials { return true }
        previous = nil
        use(working.executable)
        description = working.description
        services.log.event(
            .error, "the new version of a function gives no answer; the old one serves on",
            [("function", name)])
        onRollback(description)
        return true
    }

    // MARK: Processes

    /// Whether it should have another process although nothing is asked.
    func wantsWarming(_ now: Int64) -> Bool {
        processCount < range.lowerBound && now >= nextWarming && !isHeld && !isStopped
    }

    /// The most recently used idle process: the others grow old, and are ended.
    func takeIdle() -> FunctionProcess? {
        while let process = idle.popLast() {
            if process.isClean { return process }
        }
        return nil
    }

    func start() throws(ChildProcess.StartError) -> FunctionProcess {
        let process = try FunctionProcess(self, executable, services: services)
        processCount += 1
        statistics.processStarts += 1
        return process
    }

    func putIdle(_ process: FunctionProcess) { idle.append(process) }

    /// The process serves no more.
    func forget(_ process: FunctionProcess) {
        processCount -= 1
        if let index = idle.lastIndex(where: { $0 === process }) { idle.remove(at: index) }
    }

    func endIdle(since moment: Int64) {
        for process in idle where process.idleSince < moment && processCount > range.lowerBound { process.end() }
    }

    // MARK: Waiting requests

    func enqueue(_ exchange: Exchange) { queue.append(exchange) }

    func dequeue() -> Exchange? {
        guard let exchange = firstWaiting else { return nil }
        queue[queueStart] = nil
        queueStart += 1
        if queueStart == queue.count || queueStart > 256 {
            queue.removeFirst(queueStart)
            queueStart = 0
        }
        return exchange
    }

    /// - Returns: whether it waited here.
    func removeWaiting(_ exchange: Exchange) -> Bool {
        guard let index = queue[queueStart...].firstIndex(where: { $0 === exchange }) else { return false }
        queue.remove(at: index)
        return true
    }
}
