import Glibc

/// Brings requests and processes together, within the limits that hold for all functions.
final class FunctionPools {
    private let services: FunctionServices
    private var pools: [FunctionPool] = []
    /// Every process that is not reaped yet.
    private var processes: [FunctionProcess] = []
    private var servingCount = 0
    private var waitingCount = 0
    private var sequence = 0

    private var limits: FunctionLimits { services.limits }
    var isEmpty: Bool { processes.isEmpty }
    var all: [FunctionPool] { pools }

    /// The processes of a function that are not reaped yet.
    func processes(of pool: FunctionPool) -> [FunctionProcess] { processes.filter { $0.pool === pool } }

    init(_ services: FunctionServices) {
        self.services = services
        services.pools = self
    }

    func makePool(_ description: FunctionDescription) -> FunctionPool {
        let pool = FunctionPool(description, services: services)
        pools.append(pool)
        return pool
    }

    // MARK: Requests

    /// Takes a request: gives it to a process, or lets it wait, or refuses it.
    func submit(_ exchange: Exchange) {
        let pool = exchange.endpoint.pool
        pool.noticeReplacement()
        sequence += 1
        exchange.sequence = sequence
        if exchange.submittedAt == 0 { exchange.submittedAt = Clock.now }
        if !pool.hasWaiting || exchange.isRetry {
            switch provide(pool, fresh: exchange.isRetry) {
            case .process(let process): return process.serve(exchange)
            case .failure:
                exchange.client?.refuse(Refusal(503, "The function \(pool.name) cannot be started", retryAfter: 1))
                return
            case .full: break
            }
        }
        guard waitingCount < limits.queueLength else {
            exchange.client?.refuse(Refusal(503, "Too many requests are waiting", retryAfter: 1))
            return
        }
        exchange.queuedAt = services.loop.now
        waitingCount += 1
        pool.enqueue(exchange)
    }

    /// Tries a request again whose process has died on it.
    func retry(_ exchange: Exchange) {
        exchange.isRetry = true
        submit(exchange)
    }

    /// Nobody waits for the answer any more.
    func abandon(_ exchange: Exchange) {
        exchange.client = nil
        if exchange.endpoint.pool.removeWaiting(exchange) {
            waitingCount -= 1
        } else if exchange.isStreaming {
            exchange.process?.cancel(exchange)
        }
    }

    // MARK: Processes

    private enum Provision {
        case process(FunctionProcess)
        /// Every process that may be is busy.
        case full
        /// None runs, and none can be started.
        case failure
    }

    /// - Parameter fresh: whether a new process is wanted rather than an idle one.
    private func provide(_ pool: FunctionPool, fresh: Bool = false) -> Provision {
        if !fresh, let process = pool.takeIdle() { return .process(process) }
        guard pool.processCount < limits.processesPerFunction, servingCount < limits.processes || evict(besides: pool)
        else { return pool.takeIdle().map { .process($0) } ?? .full }
        do throws(ChildProcess.StartError) {
            let process = try pool.start()
            processes.append(process)
            servingCount += 1
            return .process(process)
        } catch {
            services.log.event(
                .error, "cannot start a function", [("function", pool.name), ("reason", "\(error)")])
            return pool.processCount == 0 ? .failure : .full
        }
    }

    /// Ends the process that has been idle longest.
    private func evict(besides pool: FunctionPool) -> Bool {
        let candidates = pools.lazy.filter { $0 !== pool }.compactMap(\.idle.first)
        guard let oldest = candidates.min(by: { $0.idleSince < $1.idleSince }) else { return false }
        oldest.end()
        return true
    }

    /// A process has answered and is free.
    func release(_ process: FunctionProcess) {
        let pool = process.pool
        pool.noticeReplacement()
        guard pool.isCurrent(process), process.served < limits.requestsPerProcess, !mustYield(pool) else {
            return process.end()
        }
        if let exchange = pool.dequeue() {
            waitingCount -= 1
            return process.serve(exchange)
        }
        pool.putIdle(process)
        serveWaiting()
    }

    /// Whether a request for another function has waited longer and finds no room for a process.
    private func mustYield(_ pool: FunctionPool) -> Bool {
        guard waitingCount > 0, servingCount >= limits.processes else { return false }
        let own = pool.firstWaiting?.sequence ?? Int.max
        return pools.contains { other in
            guard other !== pool, let first = other.firstWaiting else { return false }
            return first.sequence < own && other.processCount < limits.processesPerFunction
        }
    }

    /// A process serves no more.
    func forget(_ process: FunctionProcess) {
        process.pool.forget(process)
        servingCount -= 1
        // NB: later, because the caller is in the midst of ending the process.
        if waitingCount > 0 { services.loop.later { [self] in serveWaiting() } }
    }

    /// Gives processes to waiting requests, those first that have waited longest.
    private func serveWaiting() {
        guard waitingCount > 0 else { return }
        let waiting = pools.filter(\.hasWaiting)
            .sorted { ($0.firstWaiting?.sequence ?? 0) < ($1.firstWaiting?.sequence ?? 0) }
        for pool in waiting {
            while pool.hasWaiting, case .process(let process) = provide(pool) {
                guard let exchange = pool.dequeue() else { break }
                waitingCount -= 1
                process.serve(exchange)
            }
        }
    }

    // MARK: Time

    func tick(_ now: Int64) {
        for process in processes { process.tick(now) }
        let idleLimit = now - Clock.seconds(limits.idleTimeout)
        let queueLimit = now - Clock.seconds(limits.queueTimeout)
        for pool in pools {
            pool.endIdle(since: idleLimit)
            while let exchange = pool.firstWaiting, exchange.queuedAt < queueLimit {
                _ = pool.dequeue()
                waitingCount -= 1
                exchange.client?.refuse(Refusal(503, "No process became free in time", retryAfter: 1))
            }
        }
        serveWaiting()
    }

    /// To be called when children have ended.
    func reap() {
        processes.removeAll { $0.reapIfEnded() }
    }

    /// Lets every process end by closing its input; those that do not are killed by the tick.
    func end() {
        for process in processes { process.end() }
    }

    /// Ends every process now.
    func kill() {
        for process in processes { process.kill() }
    }
}
