import Wire

/// The body of every error response, from a function or from the runner.
public enum ErrorEnvelope {
    public static func write(
        to writer: inout JSONWriter, code: String, message: String, details: JSON? = nil, requestId: String?
    ) {
        writer.object { body in
            body.key("success")
            body.value(false)
            body.key("error")
            body.object { error in
                error.key("code")
                error.value(code)
                error.key("message")
                error.value(message)
                if let details {
                    error.key("details")
                    error.value(details)
                }
                if let requestId {
                    error.key("requestId")
                    error.value(requestId)
                }
            }
        }
    }
}
