import Glibc
import Platform
import Wire

/// One warm process of a function: takes one envelope line at a time and answers it.
final class FunctionProcess: EventHandler {
    private enum State {
        case serving
        /// Its input is closed; it is killed if it has not ended by then.
        case leaving(killAt: Int64)
        /// Killed, or known to have ended; it remains to be reaped.
        case lost
    }

    /// How long a process may take to end after its input was closed, and to end a stream after it
    /// was told to, in seconds.
    private static let patience = 2.0
    /// How often the rest of what it wrote to stderr is read, 64 KiB at a time: a pipe holds as much.
    private static let lastReads = 4

    let pool: FunctionPool
    /// The version that it was started from.
    let executable: Executable
    /// When it last finished a request.
    private(set) var idleSince: Int64
    private(set) var served = 0
    private(set) var current: Exchange?

    private let services: FunctionServices
    let pid: pid_t
    private var input: Int32
    private var output: Int32
    private var errors: Int32
    private let relay: StderrRelay
    private var state = State.serving
    /// Of the request that it has, or had last: what it writes to stderr belongs there.
    private var lastCapture: Capture?
    private var memory = ProcessMemory()
    private var limits: ProcessLimits

    /// How much of the present envelope is written.
    private var sent = 0
    private var isWatchingInput = false
    /// The beginning of a line whose end has not come yet.
    private let partial = ByteBuffer()
    private var hasAnswered = false
    private var cancelDeadline = Int64.max
    /// What it was killed for, and during which request, for the report at its end.
    private var fault: (reason: String, requestID: String?)?

    private var loop: EventLoop { services.loop }
    var isServing: Bool { if case .serving = state { true } else { false } }

    init(
        _ pool: FunctionPool, _ executable: Executable, services: FunctionServices
    ) throws(ChildProcess.StartError) {
        self.pool = pool
        self.executable = executable
        self.services = services
        let child = try executable.start(arguments: [], environment: services.environment, hasInput: true)
        pid = child.pid
        limits = ProcessLimits(child.pid, services.limits)
        (input, output, errors) = (child.input, child.output, child.errors)
        relay = StderrRelay(function: pool.name, log: services.log)
        idleSince = services.loop.now
        relay.onLine = { [unowned self] line in lastCapture?.addError(line) }
        loop.add(output, .readable, handler: self)
        loop.add(errors, .readable, handler: self)
    }

    func handle(_ events: Events, on descriptor: Int32) {
        switch descriptor {
        case input: writeEnvelope()
        case output: readAnswer()
        default: readErrors()
        }
    }

    // MARK: Requests

    /// Whether the idle process may be given a request: one that has written anything since its
    /// last answer would have that taken for the next one.
    var isClean: Bool {
        guard isServing else { return false }
        guard case .bytes = pendingOutput() else { return true }
        lose("wrote to its output while it had no request", as: .abandoned)
        return false
    }

    /// Gives the process a request; it must be idle.
    func serve(_ exchange: Exchange) {
        current = exchange
        lastCapture = exchange.capture
        exchange.process = self
        exchange.startedAt = Clock.now
        exchange.wasCold = served == 0
        exchange.deadline = loop.now + Clock.seconds(pool.timeout)
        sent = 0
        hasAnswered = false
        writeEnvelope()
    }

    private func writeEnvelope() {
        guard let exchange = current else { return }
        let envelope = exchange.envelope
        while sent < envelope.count {
            switch Descriptor.write(input, envelope.bytes.slice(from: sent)) {
            case .bytes(let count):
                sent += count
            case .blocked:
                if isWatchingInput { loop.update(input, .writable) } else { watchInput() }
                return
            case .ended:
                // NB: later, because the caller is in the midst of submitting this very request.
                loop.later { [self] in if current === exchange { inputBroke(exchange) } }
                return
            }
        }
        if isWatchingInput { loop.pause(input) }
        // A large upload is not kept for as long as the function thinks about it.
        exchange.capture?.settleRequest()
        if !exchange.isSafe, envelope.count > 64 * 1024 { exchange.releaseEnvelope() }
        sent = Int.max
    }

    private func watchInput() {
        isWatchingInput = true
        loop.add(input, .writable, handler: self)
    }

    private func inputBroke(_ exchange: Exchange) {
        lose("ended before it read its request", as: .crash(retry: isUntouched || exchange.isSafe))
    }

    /// Tells the process that nobody waits for the rest of its stream.
    func cancel(_ exchange: Exchange) {
        guard current === exchange, cancelDeadline == .max else { return }
        cancelDeadline = loop.now + Clock.seconds(Self.patience)
        let line = ByteBuffer("{\"cancel\":\"\(exchange.requestID)\"}\n")
        guard sent == Int.max, case .bytes(line.count) = Descriptor.write(input, line.bytes) else {
            return loop.later { [self] in lose("could not be told of a cancellation", as: .abandoned) }
        }
        resume()
    }

    /// Reads on after the client has taken what it was slow to take.
    func resume() {
        if isServing { loop.update(output, .readable) }
    }

    // MARK: Answers

    private func readAnswer() {
        let scratch = services.scratch
        switch Descriptor.read(output, into: scratch) {
        case .bytes(let count):
            take(Bytes(rebasing: scratch.bindMemory(to: UInt8.self)[..<count]))
        case .blocked: break
        case .ended: lose("ended", as: .crash(retry: canRetry))
        }
    }

    private var canRetry: Bool { !hasAnswered && (current?.isSafe == true || isUntouched) }

    /// Whether the process has read nothing of its request. What it never saw it cannot have done, so such a
    /// request may be given to another process whatever it asks for.
    private var isUntouched: Bool {
        guard let exchange = current, !exchange.envelope.isEmpty, input >= 0 else { return false }
        // What is still in the pipe when its reader is gone has not been read by anybody.
        var unread: Int32 = 0
        return ioctl(input, UInt(FIONREAD), &unread) == 0 && Int(unread) == min(sent, exchange.envelope.count)
    }

    private func take(_ bytes: Bytes) {
        guard current != nil else { return lose("wrote to its output while it had no request", as: .abandoned) }
        hasAnswered = true
        var rest = bytes
        if !partial.isEmpty {
            guard let end = rest.first(ASCII.lineFeed) else { return keep(rest) }
            partial.append(rest.slice(0..<end))
            rest = rest.slice(from: end + 1)
            receive(partial.bytes, isLast: rest.isEmpty)
            partial.removeAll(keepingAtMost: 64 * 1024)
        }
        while isServing, let end = rest.first(ASCII.lineFeed) {
            let line = rest.slice(0..<end)
            rest = rest.slice(from: end + 1)
            receive(line, isLast: rest.isEmpty)
        }
        if isServing, !rest.isEmpty { keep(rest) }
        if let client = current?.client, client.isCongested { loop.pause(output) }
    }

    private func keep(_ bytes: Bytes) {
        partial.append(bytes)
        if partial.count > services.limits.maximumAnswerBytes { lose("wrote a line that is too long", as: .malformed) }
    }

    /// - Parameter isLast: whether nothing is known to follow.
    private func receive(_ line: Bytes, isLast: Bool) {
        guard let exchange = current else { return }
        exchange.capture?.addResponse(line)
        do throws(AnswerReader.Malformed) {
            switch try services.reader.read(line, requestID: exchange.requestID) {
            case .answer(let status, let body):
                guard !exchange.isStreaming else { throw .init(reason: "an answer within a stream") }
                finish(isSound: isLast)
                exchange.client?.answer(status: status, fields: services.reader, body: body)
            case .stream(let status):
                guard !exchange.isStreaming else { throw .init(reason: "a stream within a stream") }
                exchange.isStreaming = true
                if let client = exchange.client {
                    client.beginStream(status: status, fields: services.reader)
                } else {
                    cancel(exchange)
                }
            case .chunk(let bytes):
                guard exchange.isStreaming else { throw .init(reason: "a chunk without a stream") }
                exchange.client?.streamChunk(bytes)
            case .end:
                guard exchange.isStreaming else { throw .init(reason: "an end without a stream") }
                // A cancellation that crossed the end on its way would be the next request's first line.
                finish(isSound: isLast && cancelDeadline == .max)
                exchange.client?.endStream()
            }
        } catch {
            lose("answered with \(error.reason)", as: .malformed)
        }
    }

    /// Frees the process, before the answer is passed on: the client may have a next request ready.
    private func finish(isSound: Bool) {
        current?.process = nil
        current?.answeredAt = Clock.now
        served += 1
        idleSince = loop.now
        noteMemory()
        current = nil
        if isSound, sent == Int.max {
            services.pools?.release(self)
        } else if cancelDeadline != .max {
            end()
        } else {
            lose(
                sent == Int.max ? "wrote more than one answer" : "answered before it had read its request",
                as: .abandoned)
        }
    }

    // MARK: The end

    private enum Loss {
        /// It ended by itself. Whether its request may be given to another process.
        case crash(retry: Bool)
        case malformed
        case timeout
        /// Nobody waits for it.
        case abandoned

        /// Whether the function is to blame.
        var isFailure: Bool { if case .abandoned = self { false } else { true } }
    }

    /// Looks after deadlines.
    func tick(_ now: Int64) {
        switch state {
        case .serving:
            limits.renew(served: served, isBusy: current != nil)
            if let current, now > current.deadline {
                lose("did not answer within \(pool.timeout) s", as: .timeout)
            } else if now > cancelDeadline {
                lose("did not end its stream when it was told to", as: .abandoned)
            }
        case .leaving(let killAt):
            if now > killAt { kill() }
        case .lost: break
        }
    }

    /// Lets the idle process end by closing its input.
    func end() {
        guard isServing else { return }
        state = .leaving(killAt: Clock.now + Clock.seconds(Self.patience))
        closePipes()
        services.pools?.forget(self)
    }

    /// Ends the process and its group at once.
    func kill() {
        Glibc.kill(-pid, SIGKILL)
        state = .lost
        closePipes()
    }

    private func lose(_ reason: String, as loss: Loss) {
        guard isServing else { return }
        if fault == nil { fault = (reason, current?.requestID) }
        var wasOnTrial = false
        if loss.isFailure, served == 0 { wasOnTrial = pool.noteFailedStart(of: self) }
        let exchange = current
        current = nil
        exchange?.process = nil
        exchange?.answeredAt = Clock.now
        count(loss)
        kill()
        services.pools?.forget(self)
        guard let exchange else { return }
        let name = pool.name
        switch loss {
        case .crash(let retry) where retry && (!exchange.isRetry || wasOnTrial) && exchange.client != nil:
            services.pools?.retry(exchange)
        case .timeout:
            exchange.client?.refuse(Refusal(504, "The function \(name) did not answer in time"))
        case .malformed:
            exchange.client?.refuse(Refusal(502, "The function \(name) gave an answer that cannot be passed on"))
        case .crash, .abandoned:
            exchange.client?.refuse(Refusal(502, "The function \(name) failed; its log names this request id"))
        }
    }

    private func count(_ loss: Loss) {
        switch loss {
        case .crash, .malformed: pool.statistics.crashes += 1
        case .timeout: pool.statistics.timeouts += 1
        case .abandoned: break
        }
    }

    /// The file is read at most ten times a second, so that it costs nothing where speed counts.
    private func noteMemory() {
        guard let exchange = current, exchange.capture != nil else { return }
        exchange.memory = memory.resident(of: pid, now: idleSince)
    }

    private func closePipes() {
        if isWatchingInput { loop.remove(input) }
        isWatchingInput = false
        if input >= 0 { close(input) }
        input = -1
        if output >= 0 {
            loop.remove(output)
            close(output)
        }
        output = -1
        partial.removeAll(keepingAtMost: 0)
    }

    /// - Returns: whether the process has ended; it is then done with.
    func reapIfEnded() -> Bool {
        guard let end = ProcessEnd.reap(pid) else { return false }
        // What it wrote before its end still counts.
        while isServing, output >= 0 {
            guard case .bytes = pendingOutput() else { break }
            readAnswer()
        }
        if isServing { lose("ended", as: .crash(retry: canRetry)) }
        // NB: not without end: a process that has left the group may hold the pipe and write on.
        for _ in 0..<Self.lastReads {
            guard case .bytes(let count) = Descriptor.read(errors, into: services.scratch) else { break }
            relay.append(Bytes(rebasing: services.scratch.bindMemory(to: UInt8.self)[..<count]))
        }
        relay.finishLine()
        loop.remove(errors)
        close(errors)
        errors = -1
        if let fault {
            services.log.crash(
                function: pool.name, requestID: fault.requestID, reason: fault.reason, end: end, lines: relay.lastLines)
        }
        return true
    }

    private func pendingOutput() -> Descriptor.Transfer {
        var count: Int32 = 0
        guard ioctl(output, UInt(FIONREAD), &count) == 0, count > 0 else { return .blocked }
        return .bytes(Int(count))
    }

    private func readErrors() {
        switch Descriptor.read(errors, into: services.scratch) {
        case .bytes(let count): relay.append(Bytes(rebasing: services.scratch.bindMemory(to: UInt8.self)[..<count]))
        case .blocked: break
        // Reaping closes it; until then there is nothing to wait for.
        case .ended: loop.pause(errors)
        }
    }
}
