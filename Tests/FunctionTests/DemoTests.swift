import Foundation
import Testing

/// The whole demo over HTTP: `make demo` starts the runner, and curl talks to it.
@Suite struct DemoTests {
    @Test func theDemoTellsTheWholeStory() throws {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let installation = try Installation(environment: ["PATH": path, "NO_COLOR": "1"])
        let script = Installation.root.appendingPathComponent("deploy/scripts/demo.sh").path
        let output = try installation.run("/bin/bash", arguments: [script])
        let story = String(decoding: output.standardOutput, as: UTF8.self)
        #expect(output.status == 0, "\(output.standardError)")
        #expect(story.contains(#""status":"ok""#))
        #expect(story.contains("passages, processed"))
        #expect(story.contains("<mark>source code</mark>"))
        #expect(story.contains("[1] GPL-3, 5. Conveying Modified Source Versions."))
        #expect(story.contains("I found nothing in the documents"))
    }
}
