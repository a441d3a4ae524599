import Glibc
import Platform

/// The processes of one function, and the requests that wait for a process.
package final class FunctionPool {
    private var description: FunctionDescription
    package var name: String { description.name }
    /// The executable's name.
    package var path: String { executable.path }
    /// Seconds that a request may take.
    var timeout: Double { description.timeout }
    /// Whether it can stream, and so understands that nobody waits for a response any more.
    var streams: Bool { description.streams }
    var maximumBodyBytes: Int { description.maximumBodyBytes }
    /// The minimum and maximum number of processes.
    let range: ClosedRange<Int>

    package let statistics = FunctionStatistics()
    private let services: FunctionServices
    /// Idle processes, the most recently used last.
    private(set) var idle: [FunctionProcess] = []
    /// Processes that can serve, idle and busy.
    private(set) var processCount = 0
    private var queue: [Exchange?] = []
    private var queueStart = 0
    /// The version that new processes run.
    private var executable: Executable
    /// The previous version, until the current one has answered a request.
    private var previous: (executable: Executable, description: FunctionDescription)?
    /// Receives the previous version's description when that version is used again.
    var onRollback: (FunctionDescription) -> Void = { _ in }
    /// How long requests wait for a new version.
    private var heldUntil = Int64.min
    private var failedStarts = 0
    private var nextWarming = Int64.min

    /// The request that has been waiting longest.
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

    /// Whether the function was removed from the folder, so that it takes no more requests.
    var isRetired = false
    /// Whether the function must not be started at the moment.
    var isStopped = false
    /// Whether the failure to start a process has been logged.
    var hasReportedFailure = false

    /// How often a new version may end before its first response.
    private static let trials = 3

    /// Whether requests wait for a new version that is about to be used.
    var isHeld: Bool { services.loop.now < heldUntil }

    /// Makes requests wait for a new version. A wait that has begun is not extended.
    func hold(for seconds: Double) {
        if heldUntil == .min { heldUntil = services.loop.now + Clock.seconds(seconds) }
    }
    func release() { heldUntil = .min }

    /// Uses another version from now on. Idle processes of the old version are ended, busy ones after their request.
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

    /// A process has responded, which proves that its version works.
    func noteAnswer(of process: FunctionProcess) {
        guard isCurrent(process) else { return }
        previous = nil
        failedStarts = 0
    }

    /// A process has ended without a single valid response in time. If that happens repeatedly to a new version, the
    /// previous one is used again.
    /// - Returns: whether the version was on trial, so that the request should be retried.
    func noteFailedStart(of process: FunctionProcess) -> Bool {
        // By now another version is used, which may do better.
        guard isCurrent(process) else { return true }
        failedStarts += 1
        // NB: a function that fails to start must not be restarted again and again just to be warm.
        nextWarming = services.loop.now + Clock.seconds(min(60, 0.25 * Double(1 << min(failedStarts, 8))))
        guard let working = previous else { return false }
        // A single failure may be an accident: somebody may have killed the process.
        if failedStarts < Self.trials { return true }
        previous = nil
        use(working.executable)
        description = working.description
        services.log.event(
            .error, "the new version of a function does not answer; the old one stays in service",
            [("function", name)])
        onRollback(description)
        return true
    }

    // MARK: Processes

    /// Whether it should get another process even though no request waits for one.
    func wantsWarming(_ now: Int64) -> Bool {
        processCount < range.lowerBound && now >= nextWarming && !isHeld && !isStopped
    }

    /// The most recently used idle process. So the others stay idle long enough to be ended.
    func takeIdle() -> FunctionProcess? {
        while let process = idle.popLast() {
            if process.isClean { return process }
        }
        return nil
    }

    func start(for owner: any ProcessOwner) throws(FunctionChild.StartError) -> FunctionProcess {
        let process = try FunctionProcess(self, executable, owner: owner, services: services)
        processCount += 1
        statistics.processStarts += 1
        return process
    }

    func putIdle(_ process: FunctionProcess) { idle.append(process) }

    /// The process takes no more requests.
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

    /// - Returns: whether it was waiting here.
    func removeWaiting(_ exchange: Exchange) -> Bool {
        guard let index = queue[queueStart...].firstIndex(where: { $0 === exchange }) else { return false }
        queue.remove(at: index)
        return true
    }
}
