import Foundation
import Platform
import Testing

/// Programs as they are: a shell, `cat`, `env`, Python.
struct CommandTests {
    private func shell(_ script: String, _ change: (inout Command) -> Void = { _ in }) -> Command {
        var command = Command("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
        change(&command)
        return command
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func outputStatusAndErrorsComeBack() throws {
        let run = try shell("echo said; echo wrong >&2; exit 3").collect()
        #expect(text(run.output) == "said\n")
        #expect(run.outcome.errors == "wrong\n")
        #expect(run.outcome.ending == .exited(3))
    }

    @Test func argumentsArriveAsTheyAre() throws {
        let words = ["a b", "\"c\"", "", "$HOME", "ü\n"]
        let run = try Command("/usr/bin/printf", ["%s|"] + words).collect()
        #expect(text(run.output) == words.joined(separator: "|") + "|")
    }

    @Test func environmentIsOnlyWhatIsGiven() throws {
        let run = try Command("/usr/bin/env", environment: ["A": "1"]).collect()
        #expect(text(run.output) == "A=1\n")
    }

    @Test func inputsLieWhereTheyShould() throws {
        let large = [UInt8](repeating: 7, count: 3_000_000)
        let run = try shell("cat; cat /dev/fd/4; cat /dev/fd/3 | wc -c") {
            $0.input = .bytes(Array("one ".utf8))
            $0.extraInputs = [.bytes(large), .bytes(Array("two ".utf8))]
        }.collect()
        #expect(text(run.output) == "one two 3000000\n")
    }

    @Test func anOpenFileCanBeTheInput() throws {
        let file = open(#filePath, O_RDONLY)
        defer { close(file) }
        let run = try Command("head", ["-n", "1", "/dev/fd/3"], extraInputs: [.descriptor(file)]).collect()
        #expect(text(run.output) == "import Foundation\n")
    }

    @Test func nothingElseIsOpen() throws {
        let leak = open("/dev/null", O_RDONLY)
        defer { close(leak) }
        let run = try shell("ls /proc/self/fd | tr '\\n' ' '") { $0.extraInputs = [.none] }.collect()
        // 4 is the folder that `ls` itself reads.
        #expect(text(run.output) == "0 1 2 3 4 ")
    }

    @Test func missingProgramsAreNamed() {
        for program in ["no-such-program-here", "/no/such/program"] {
            #expect(throws: CommandError.notInstalled(program)) { try Command(program).collect() }
        }
    }

    @Test func whatIsNoProgramCannotBeStarted() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("noprogram-\(UUID().uuidString)")
        let source = file.appendingPathExtension("source")
        try Data([0x7F, 0x45, 0x4C, 0x46, 9]).write(to: source)
        // NB: copied by another process. What this one has open for writing, a child that another test
        // starts at that moment has too, and then it cannot be executed ("Text file busy").
        #expect(try Command("install", ["-m", "755", source.path, file.path]).collect().outcome.ending.isSuccess)
        defer { for each in [source, file] { try? FileManager.default.removeItem(at: each) } }
        #expect(throws: CommandError.cannotStart(file.path, errno: ENOEXEC)) { try Command(file.path).collect() }
    }

    @Test func theDeadlineEndsTheWholeGroup() throws {
        let run = try shell("sleep 300 & echo $!; trap '' TERM; echo $$; while :; do sleep 300; done") {
            $0.limits.deadline = 300
            $0.limits.grace = 100
        }.collect()
        #expect(run.outcome.ending == .timedOut)
        let started = text(run.output).split(separator: "\n").compactMap { pid_t($0) }
        #expect(started.count == 2)
        for process in started { #expect(hasEnded(process)) }
    }

    /// Ended means gone, or dead and not yet collected by whoever inherited it.
    private func hasEnded(_ process: pid_t) -> Bool {
        for _ in 0..<200 {
            let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ") Z"
            if status.contains(") Z") { return true }
            usleep(10_000)
        }
        return false
    }

    @Test func whatIsLeftBehindDoesNotHoldUsUp() throws {
        let run = try shell("sleep 300 & echo $!") { $0.limits.deadline = 60_000 }.collect()
        #expect(run.outcome.ending == .exited(0))
        #expect(hasEnded(try #require(pid_t(text(run.output).dropLast()))))
    }

    @Test func outputIsBounded() throws {
        let run = try shell("yes") { $0.limits.output = 100_001 }.collect()
        #expect(run.outcome.ending == .outputTooLarge)
        #expect(run.output.count == 100_001)
        let whole = try shell("head -c 100001 /dev/zero") { $0.limits.output = 100_001 }.collect()
        #expect(whole.outcome.ending == .exited(0))
        #expect(whole.output.count == 100_001)
    }

    @Test func errorsAreBoundedAndNeverBlock() throws {
        let run = try shell("head -c 3000000 /dev/zero | tr '\\0' e >&2; echo done") { $0.limits.errors = 10 }.collect()
        #expect(run.outcome.errors == "eeeeeeeeee")
        #expect(text(run.output) == "done\n")
        let endless = try shell("yes >&2") { $0.limits.deadline = 200 }.collect()
        #expect(endless.outcome.ending == .timedOut)
    }

    @Test func theReaderCanStopIt() throws {
        var lines = 0
        let outcome = try shell("yes").run { piece in
            lines += piece.count
            return lines < 10_000
        }
        #expect(outcome.ending == .stopped)
        struct Enough: Error {}
        #expect(throws: Enough.self) { try shell("yes").run { _ in throw Enough() } }
    }

    @Test func cancellationEndsASilentProgram() throws {
        var questions = 0
        let run = try shell("sleep 300").collect {
            questions += 1
            return questions > 3
        }
        #expect(run.outcome.ending == .stopped)
    }

    @Test func memoryAndProcessorAreLimited() throws {
        var limited = Command("python3", ["-SEc", "print(len(bytearray(1 << 30)))"], environment: ["PATH": path])
        #expect(text(try limited.collect().output) == "1073741824\n")
        limited.limits.memory = 512 << 20
        let refused = try limited.collect()
        #expect(refused.outcome.ending == .exited(1))
        #expect(refused.outcome.errors.contains("MemoryError"))
        let busy = try shell("while :; do :; done") { $0.limits.processorSeconds = 1 }.collect()
        #expect(busy.outcome.ending == .signalled(SIGXCPU))
    }

    private var path: String { ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin" }

    @Test func manyRunsLeaveNothingOpen() throws {
        func run() throws {
            _ = try Command("/bin/true").collect()
            _ = try? Command("/no/such").collect()
        }
        for _ in 0..<50 { try run() }
        // Other tests open and close meanwhile: a leak of one a run would show all the same.
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        for _ in 0..<200 { try run() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count < before + 100)
    }

    @Test func signalsAreAsAFreshProgramExpectsThem() throws {
        // This process ignores SIGPIPE as the functions do; a child that did would never end here.
        signal(SIGPIPE, SIG_IGN)
        let run = try shell("grep -E '^Sig(Ign|Blk)' /proc/self/status").collect()
        for line in text(run.output).split(separator: "\n") {
            let mask = try #require(line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) })
            // Above 31 the C library keeps signals for itself, and lets nobody set them.
            #expect(mask & 0x7FFF_FFFF == 0, "\(line)")
        }
    }
}
