import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct ProcessTests {
    @Test func terminationLetsRequestsFinishAndLeavesNoProcess() throws {
        let gateway = try TestRunner()
        let (idle, busy) = (try gateway.connect(), try gateway.connect())
        #expect(try idle.ask("GET", "/echo/x").text == "x")
        let gate = gateway.folder.appendingPathComponent("gate")
        busy.send("GET /api/v1/flow?until=\(gate.path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try busy.head().status == 200)
        #expect(try busy.chunk() == Array("first".utf8))
        #expect(gateway.functionProcesses.count >= 2)
        gateway.signal(SIGTERM)
        #expect(idle.isClosed())
        try Data().write(to: gate)
        #expect(try busy.chunk() == Array("second".utf8))
        #expect(try busy.chunk() == nil)
        #expect(busy.isClosed())
        #expect(gateway.end() == 0)
        #expect(gateway.functionProcesses.isEmpty)
        #expect(throws: Client.Refused.self) { try gateway.connect() }
    }

    @Test(arguments: [
        (["--prot", "1"], "unknown option --prot", 64), (["--port", "x"], "--port x", 64),
        (["--port", "65536"], "65536", 64), (["--port"], "--port", 64), (["dance"], "dance", 64),
        (["--port", "0", "--functions", "nowhere"], "nowhere", 78),
    ])
    func wrongOptionsAreNamed(_ arguments: [String], _ message: String, _ status: Int32) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("runner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let child = try TestRunner.start([Built.runner] + arguments, in: folder)
        var (value, ended): (Int32, pid_t) = (0, 0)
        for _ in 0..<500 where ended == 0 {
            ended = waitpid(child, &value, WNOHANG)
            if ended == 0 { usleep(10_000) }
        }
        if ended == 0 {
            kill(child, SIGKILL)
            waitpid(child, &value, 0)
        }
        #expect(value == status << 8)
        let said = try String(contentsOf: folder.appendingPathComponent("said"), encoding: .utf8)
        #expect(said.contains(message), "\(said)")
        #expect(said.hasPrefix("runner: "))
    }
}
