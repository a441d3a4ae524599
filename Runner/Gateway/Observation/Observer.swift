/// Receives every request that the gateway has answered. The inspector and the session recorder are observers.
package protocol Observer: AnyObject {
    /// The size of the largest envelope, and of the largest response, to capture for it, in bytes.
    var captureLimit: Int { get }

    /// A request was answered, or its client has disconnected.
    func requestEnded(_ invocation: Invocation)
    /// The event loop has handled a batch of events.
    func batchEnded()
    /// Called a few times a second.
    func tick(_ now: Int64)
    /// The gateway accepts no more connections and waits for the requests in progress.
    func drainingBegan()
}

extension Observer {
    package func batchEnded() {}
    package func tick(_ now: Int64) {}
    package func drainingBegan() {}
}
