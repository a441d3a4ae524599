/// What has happened to the requests and processes of one function since the start. All numbers
/// only grow.
final class FunctionStatistics {
    /// Requests by the first digit of their status.
    private(set) var requests = [Int](repeating: 0, count: 6)
    private(set) var coldStarts = 0
    private(set) var requestBytes = 0
    private(set) var responseBytes = 0
    /// From the request's head to the last byte of its response.
    private(set) var total = Histogram()
    /// Waiting for a process.
    private(set) var queue = Histogram()
    /// From handing a process the request to having its answer.
    private(set) var function = Histogram()

    var processStarts = 0
    /// Processes that ended by themselves while they served, or answered with garbage.
    var crashes = 0
    /// Requests that were not answered before their deadline.
    var timeouts = 0

    var requestCount: Int { requests.reduce(0, +) }

    func add(_ invocation: Invocation) {
        let digit = invocation.status / 100
        requests[requests.indices.contains(digit) ? digit : 0] += 1
        requestBytes += invocation.requestBytes
        responseBytes += invocation.responseBytes
        total.add(invocation.duration)
        if invocation.wasCold { coldStarts += 1 }
        if let queued = invocation.queueDuration { queue.add(queued) }
        if let worked = invocation.functionDuration { function.add(worked) }
    }
}
