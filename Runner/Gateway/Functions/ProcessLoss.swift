/// How a process was lost.
enum ProcessLoss {
    /// It exited by itself. `retry` says whether its request may go to another process. After any other loss, the request
    /// is not retried: garbage and silence may come after the work was done.
    case crash(retry: Bool)
    /// It wrote something that cannot be passed on.
    case malformed
    /// It did not respond in time.
    case timeout
    /// No client is waiting for its response.
    case abandoned

    /// Whether the function is to blame.
    var isFailure: Bool { if case .abandoned = self { false } else { true } }

    /// The response to the request that the process was serving.
    func error(of function: String) -> GatewayError {
        switch self {
        case .timeout: GatewayError(504, "The function \(function) did not answer in time")
        case .malformed: GatewayError(502, "The function \(function) sent an invalid response")
        case .crash, .abandoned: GatewayError(502, "The function \(function) failed; see its log for this request id")
        }
    }

    func count(in statistics: FunctionStatistics) {
        switch self {
        case .crash, .malformed: statistics.crashes += 1
        case .timeout: statistics.timeouts += 1
        case .abandoned: break
        }
    }
}
