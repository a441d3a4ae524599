import Glibc
import Wire

/// The gateway's state, as it shows it while running.
package protocol GatewayState: AnyObject {
    var basePath: String { get }
    var startedAt: Timestamp { get }
    var openConnections: Int { get }
    /// Since the start.
    var acceptedConnections: Int { get }
    /// Counters of requests that no function served.
    var unserved: FunctionStatistics { get }
    /// The functions that are served, with their current state.
    var functionStates: [FunctionState] { get }

    /// Sends a request to the function of an earlier invocation, without a client.
    ///
    /// - Parameters:
    ///   - envelope: the request, which gets a new id.
    ///   - completion: called once the observers have received the new invocation.
    func resend(_ envelope: JSON, of invocation: Invocation, completion: @escaping () -> Void)
}

/// The state of one function.
package struct FunctionState {
    package let name: String
    package let statistics: FunctionStatistics
    /// Requests that are waiting for a process.
    package let waiting: Int
    package let idle: Int
    package let processes: [ProcessState]
    package var busy: Int { processes.count { $0.activity == .busy } }
}

/// The state of one process of a function.
package struct ProcessState {
    package enum Activity: String { case busy, idle, ending }

    package let pid: pid_t
    package let activity: Activity
    /// How many requests it has answered.
    package let served: Int
}
