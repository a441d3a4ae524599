/// Hands requests to processes.
protocol ProcessOwner: AnyObject {
    /// A process has responded and is free.
    func release(_ process: FunctionProcess)
    /// A process takes no more requests.
    func forget(_ process: FunctionProcess)
    /// Gives a request whose process died to another process.
    func retry(_ exchange: Exchange)
}
