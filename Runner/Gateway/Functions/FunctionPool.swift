import Glibc

/// The processes of one function, and the requests that wait for one of them.
final class FunctionPool {
    let name: String
    let executable: String
    /// Seconds that a request may take.
    let timeout: Double
    let maximumBodyBytes: Int

    let statistics = FunctionStatistics()
    private let services: FunctionServices
    /// Idle processes, the most recently used one last.
    private(set) var idle: [FunctionProcess] = []
    /// Processes that serve: the idle and the busy ones.
    private(set) var processCount = 0
    private var queue: [Exchange] = []
    private var queueStart = 0
    private var identity: FileIdentity?
    private var identityCheckedAt = Int64.min

    /// The request that has waited longest.
    var firstWaiting: Exchange? { queueStart < queue.count ? queue[queueStart] : nil }
    var hasWaiting: Bool { queueStart < queue.count }
    var waitingCount: Int { queue.count - queueStart }

    init(_ description: FunctionDescription, services: FunctionServices) {
        name = description.name
        executable = description.executable
        timeout = description.timeout
        maximumBodyBytes = description.maximumBodyBytes
        self.services = services
        identity = FileIdentity(executable)
    }

    // MARK: Processes

    /// Looks, at most once a second, whether the executable has been replaced. Idle processes of
    /// the old version are ended; busy ones are when they come back.
    func noticeReplacement() {
        let now = services.loop.now
        guard now >= identityCheckedAt + 1_000_000 else { return }
        identityCheckedAt = now
        // NB: a file that is missing for the moment is being replaced; the old processes serve on.
        guard let found = FileIdentity(executable), found != identity else { return }
        identity = found
        for process in idle { process.end() }
    }

    func isCurrent(_ process: FunctionProcess) -> Bool { process.identity == identity }

    /// The most recently used idle process: the others grow old, and are ended.
    func takeIdle() -> FunctionProcess? {
        while let process = idle.popLast() {
            if process.isClean { return process }
        }
        return nil
    }

    func start() throws(ChildProcess.StartError) -> FunctionProcess {
        guard let identity else { throw ChildProcess.StartError(code: ENOENT) }
        let process = try FunctionProcess(self, identity: identity, services: services)
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
        for process in idle where process.idleSince < moment { process.end() }
    }

    // MARK: Waiting requests

    func enqueue(_ exchange: Exchange) { queue.append(exchange) }

    func dequeue() -> Exchange? {
        guard let exchange = firstWaiting else { return nil }
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
