import Foundation
import Testing

@Suite(.serialized) struct FunctionFailureTests {
    private let gateway: TestRunner
    private let client: Client

    init() throws {
        gateway = try TestRunner(["--max-processes", "1"])
        client = try gateway.connect()
    }

    @Test func aStreamIsPassedOnWhileItIsMade() throws {
        let gate = gateway.folder.appendingPathComponent("gate")
        client.send("GET /api/v1/flow?until=\(gate.path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try client.head().status == 200)
        #expect(try client.chunk() == Array("first".utf8))
        // The function continues only now, so the first part cannot have waited for the second.
        try Data().write(to: gate)
        #expect(try client.chunk() == Array("second".utf8))
        #expect(try client.chunk() == nil)
        #expect(try client.ask("GET", "/echo/next").text == "next")
    }

    @Test(arguments: ["crash", "garbage", "stale"]) func aFailureIsA502AndTheNextRequestWorks(_ mood: String) throws {
        #expect(try client.say("before", to: "/moody").text == "before")
        for round in 0..<3 {
            #expect(try client.say(mood, to: "/moody").status == 502)
            let next = try client.say("next \(round)", to: "/moody")
            #expect(next.status == 200 && next.text == "next \(round)")
        }
    }

    @Test func aSecondAnswerIsNeverTheNextRequests() throws {
        for round in 0..<3 {
            #expect(try client.say("twice", to: "/moody").text == "once")
            #expect(try client.say("next \(round)", to: "/moody").text == "next \(round)")
        }
    }

    @Test func aLateAnswerIsNeverTheNextRequests() throws {
        #expect(try client.say("before", to: "/tardy").text == "before")
        #expect(try client.say("late", to: "/tardy").status == 504)
        // Long enough for the late response to arrive.
        for round in 0..<20 {
            let next = try client.say("next \(round)", to: "/tardy")
            #expect(next.status == 200 && next.text == "next \(round)")
            usleep(50_000)
        }
    }
}
