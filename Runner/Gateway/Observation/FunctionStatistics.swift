/// Counters of one function's requests and processes since the start. They never decrease.
package final class FunctionStatistics {
    /// Requests by the first digit of their status.
    package private(set) var requests = [Int](repeating: 0, count: 6)
    package private(set) var coldStarts = 0
    package private(set) var requestBytes = 0
    package private(set) var responseBytes = 0
    /// From the head of the request to the last byte of its response.
    package private(set) var total = Histogram()
    /// Time waiting for a process.
    package private(set) var queue = Histogram()
    /// From passing the request to a process to its response.
    package private(set) var function = Histogram()

    package internal(set) var processStarts = 0
    /// Processes that ended during a request, or sent an invalid response.
    package internal(set) var crashes = 0
    /// Requests that were not answered in time.
    package internal(set) var timeouts = 0
    /// Writes to the database that met others and ran again.
    package internal(set) var repeatedWrites = 0

    package var requestCount: Int { requests.reduce(0, +) }

    /// Counts a response.
    func add(status: Int, requestBytes: Int, responseBytes: Int) {
        let digit = status / 100
        requests[requests.indices.contains(digit) ? digit : 0] += 1
        self.requestBytes += requestBytes
        self.responseBytes += responseBytes
    }

    /// Counts the durations of a request; nil for a phase that was not reached.
    func add(total: Int64, queue: Int64?, function: Int64?, wasCold: Bool) {
        self.total.add(total)
        if let queue { self.queue.add(queue) }
        if let function { self.function.add(function) }
        if wasCold { coldStarts += 1 }
    }
}
