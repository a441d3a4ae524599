import Testing

@testable import Endpoint

/// `Accept` (RFC 9110 section 12.5.1): clients get a stream of events if they ask for it by name and prefer nothing else.
struct ContentNegotiationTests {
    @Test(arguments: [
        ("", false), ("*/*", false), ("application/json", false), ("text/event-stream", true),
        ("TEXT/Event-Stream", true),
        ("text/event-stream, application/json", true), ("application/json, text/event-stream", true),
        ("text/event-stream;q=0.5, application/json", false), ("application/json;q=0.5, text/event-stream", true),
        ("text/event-stream;q=0.8, application/json;q=0.8", true), ("text/event-stream;q=0", false),
        ("text/event-stream ; q=0.1 , */*;q=0.2", false), ("text/event-stream, */*;q=0.1", true),
        ("text/event-stream;q=0.3, application/*;q=0.2", true), ("text/event-stream;q=0.1, application/*;q=0.2", false),
        // The most specific range decides, whatever its order.
        ("*/*, application/json;q=0.1, text/event-stream;q=0.5", true), ("text/*", false),
        ("text/event-stream;q=x", false),
        ("text/event-stream;charset=utf-8;q=1", true), ("text/event-streams", false), (",,text/event-stream,,", true),
        ("text/event-stream\u{301}", false),
    ])
    func eventsMustBeAskedForByName(_ accept: String, _ prefersEvents: Bool) {
        #expect(ContentNegotiation.prefersEventStream(accept) == prefersEvents)
    }
}
