import Glibc
import Wire

/// What the gateway shows of itself while it runs.
package protocol GatewayState: AnyObject {
    var basePath: String { get }
    var startedAt: Timestamp { get }
    var openConnections: Int { get }
    /// Since the start.
    var acceptedConnections: Int { get }
    /// The requests that no function served.
    var unserved: FunctionStatistics { get }
    /// The functions that are served, each as it is at this moment.
    var functionStates: [FunctionState] { get }

    /// Sends a request to the function of an earlier invocation, in place of a client.
    ///
    /// - Parameters:
    ///   - envelope: the request; it gets an id of its own.
    ///   - completion: called once the observers have received the new invocation.
    func resend(_ envelope: JSON, of invocation: Invocation, completion: @escaping () -> Void)
}

/// One function at one moment.
package struct FunctionState {
    package let name: String
    package let statistics: FunctionStatistics
    /// Requests that wait for a process.
    package let waiting: Int
    package let idle: Int
    package let processes: [ProcessState]
    package var busy: Int { processes.count { $0.activity == .busy } }
}

/// One process of a function at one moment.
package struct ProcessState {
    package enum Activity: String { case busy, idle, ending }

    package let pid: pid_t
    package let activity: Activity
    /// How many requests it has answered.
    package let served: Int
}
