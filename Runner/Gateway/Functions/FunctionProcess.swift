import Glibc
import Platform
import Wire

/// One warm process of a function: it receives one envelope line at a time and answers it.
final class FunctionProcess: EventHandler {
    /// Seconds that a process may take to end after its input is closed, or to end a cancelled stream.
    private static let patience = 2.0

    let pool: FunctionPool
    /// The version that it runs.
    let executable: Executable
    /// When it last finished a request.
    private(set) var idleSince: Int64
    private(set) var served = 0
    private(set) var current: Exchange?

    let pid: pid_t
    private unowned let owner: any ProcessOwner
    private let services: FunctionServices
    private var pipes: ProcessPipes
    private let relay: StderrRelay
    private var state = ProcessStage.serving
    private var memory = ProcessMemory()
    private var limits: ProcessLimits

    /// How much of the current envelope has been written.
    private var sent = 0
    /// The beginning of an incomplete line.
    private let partial = ByteBuffer()
    private var hasAnswered = false
    /// Whether it has been told that nobody waits for the current response.
    private var hasCancelled = false
    /// When it is killed if it has not ended a cancelled stream.
    private var cancelDeadline = Int64.max
    /// Why it was killed, and during which request, to be reported when it ends.
    private var fault: (reason: String, requestID: String?)?

    private var loop: EventLoop { services.loop }
    var isServing: Bool { if case .serving = state { true } else { false } }

    init(
        _ pool: FunctionPool, _ executable: Executable, owner: any ProcessOwner, services: FunctionServices
    ) throws(FunctionChild.StartError) {
        self.pool = pool
        self.executable = executable
        self.owner = owner
        self.services = services
        let child = try executable.start(arguments: [], environment: services.environment, hasInput: true)
        pid = child.pid
        pipes = ProcessPipes(child, loop: services.loop)
        limits = ProcessLimits(child.pid, services.limits)
        relay = StderrRelay(child.errors, function: pool.name, services: services)
        idleSince = services.loop.now
        pipes.watchOutput(self)
    }

    func handle(_ events: Events, on descriptor: Int32) {
        if descriptor == pipes.input { writeEnvelope() } else { readAnswer() }
    }

    // MARK: Requests

    /// Whether the idle process may get a request. Stray output would be taken for that request's response.
    var isClean: Bool {
        guard isServing else { return false }
        guard pipes.hasOutput else { return true }
        lose("wrote to its output without a request", as: .abandoned)
        return false
    }

    /// Gives the process, which must be idle, a request.
    func serve(_ exchange: Exchange) {
        current = exchange
        relay.capture = exchange.capture
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
            switch Descriptor.write(pipes.input, envelope.bytes.slice(from: sent)) {
            case .bytes(let count):
                sent += count
            case .blocked:
                return pipes.watchInput(self)
            case .ended:
                // NB: later, because the caller is still submitting this request.
                loop.later { [self] in
                    guard current === exchange else { return }
                    lose("ended before it read its request", as: .crash(retry: isUntouched || exchange.isSafe))
                }
                return
            }
        }
        pipes.pauseInput()
        // Frees a large upload while the function works on it.
        exchange.capture?.settleRequest()
        if !exchange.isSafe, envelope.count > 64 * 1024 { exchange.releaseEnvelope() }
        sent = Int.max
    }

    /// Tells the process that no client is waiting for the rest of its response. It must end a stream soon; a whole
    /// response may take its time, because the function may be in the middle of a write.
    func cancel(_ exchange: Exchange) {
        guard current === exchange else { return }
        if exchange.isStreaming, cancelDeadline == .max { cancelDeadline = loop.now + Clock.seconds(Self.patience) }
        guard !hasCancelled else { return resume() }
        // An envelope that it has not read to the end cannot be interrupted by another line.
        guard sent == Int.max || exchange.isStreaming else { return }
        hasCancelled = true
        let line = ByteBuffer("{\"cancel\":\"\(exchange.requestID)\"}\n")
        guard sent == Int.max, case .bytes(line.count) = Descriptor.write(pipes.input, line.bytes) else {
            return loop.later { [self] in lose("did not accept a cancellation", as: .abandoned) }
        }
        resume()
    }

    /// Resumes reading after a slow client has caught up.
    func resume() {
        if isServing { loop.update(pipes.output, .readable) }
    }

    // MARK: Responses

    private func readAnswer() {
        let scratch = services.scratch
        switch Descriptor.read(pipes.output, into: scratch) {
        case .bytes(let count):
            take(Bytes(rebasing: scratch.bindMemory(to: UInt8.self)[..<count]))
        case .blocked: break
        case .ended: lose("ended", as: .crash(retry: canRetry))
        }
    }

    private var canRetry: Bool { !hasAnswered && (current?.isSafe == true || isUntouched) }

    /// Whether the process has read nothing of its request. It cannot have acted on it then, so the request may go to
    /// another process, whatever its method.
    private var isUntouched: Bool {
        guard let exchange = current, !exchange.envelope.isEmpty else { return false }
        // Once the reader is gone, whatever is left in the pipe was not read.
        return pipes.unreadInput == min(sent, exchange.envelope.count)
    }

    private func take(_ bytes: Bytes) {
        guard current != nil else { return lose("wrote to its output without a request", as: .abandoned) }
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
        if let client = current?.client, client.isCongested { loop.pause(pipes.output) }
    }

    private func keep(_ bytes: Bytes) {
        partial.append(bytes)
        if partial.count > services.limits.maximumAnswerBytes { lose("wrote a line that is too long", as: .malformed) }
    }

    /// - Parameter isLast: whether this is all the output that has been read.
    private func receive(_ line: Bytes, isLast: Bool) {
        guard let exchange = current else { return }
        exchange.capture?.addResponse(line)
        do throws(AnswerReader.Malformed) {
            switch try services.reader.read(line, requestID: exchange.requestID, counting: pool.statistics) {
            case .answer(let status, let body):
                guard !exchange.isStreaming else { throw .init(reason: "a response within a stream") }
                finish(isValid: isLast && !hasCancelled)
                exchange.client?.answer(status: status, fields: services.reader, body: body)
            case .stream(let status):
                guard !exchange.isStreaming else { throw .init(reason: "a stream within a stream") }
                exchange.beginStream(services.reader)
                if let client = exchange.client {
                    client.beginStream(status: status, fields: services.reader)
                } else {
                    cancel(exchange)
                }
            case .chunk(let bytes):
                guard exchange.isStreaming else { throw .init(reason: "a chunk without a stream") }
                exchange.pass(on: bytes, renewing: loop.now + Clock.seconds(pool.timeout))
            case .end:
                guard exchange.isStreaming else { throw .init(reason: "an end without a stream") }
                finish(isValid: isLast && !hasCancelled)
                exchange.client?.endStream()
            }
        } catch {
            lose("answered with \(error.reason)", as: .malformed)
        }
    }

    /// Frees the process before passing on the response: the client may already have another request. A process that
    /// was told of a cancellation ends: if it was too late, the process would read it as its next request.
    private func finish(isValid: Bool) {
        current?.process = nil
        current?.answeredAt = Clock.now
        served += 1
        idleSince = loop.now
        if let current, current.capture != nil { current.memory = memory.resident(of: pid, now: idleSince) }
        current = nil
        if isValid, sent == Int.max {
            owner.release(self)
        } else if hasCancelled {
            end()
        } else {
            lose(
                sent == Int.max ? "wrote more than one response" : "answered before it had read its request",
                as: .abandoned)
        }
    }

    // MARK: The end

    /// Enforces deadlines.
    func tick(_ now: Int64) {
        switch state {
        case .serving:
            limits.renew(served: served, isBusy: current != nil)
            if let current, now > current.deadline, current.client?.isCongested != true {
                lose("did not answer within \(pool.timeout) s", as: .timeout)
            } else if now > cancelDeadline {
                lose("did not end its stream after a cancellation", as: .abandoned)
            }
        case .leaving(let killAt):
            if now > killAt { kill() }
        case .lost: break
        }
    }

    /// Asks the idle process to end by closing its input.
    func end() {
        guard isServing else { return }
        state = .leaving(killAt: Clock.now + Clock.seconds(Self.patience))
        closePipes()
        owner.forget(self)
    }

    /// Kills the process and its group at once.
    func kill() {
        Glibc.kill(-pid, SIGKILL)
        state = .lost
        closePipes()
    }

    private func closePipes() {
        pipes.closeAll()
        partial.removeAll(keepingAtMost: 0)
    }

    private func lose(_ reason: String, as loss: ProcessLoss) {
        guard isServing else { return }
        if fault == nil { fault = (reason, current?.requestID) }
        var wasOnTrial = false
        if loss.isFailure, served == 0 { wasOnTrial = pool.noteFailedStart(of: self) }
        let exchange = current
        current = nil
        exchange?.process = nil
        exchange?.answeredAt = Clock.now
        loss.count(in: pool.statistics)
        kill()
        owner.forget(self)
        guard let exchange else { return }
        if case .crash(retry: true) = loss, !exchange.isRetry || wasOnTrial, exchange.client != nil {
            owner.retry(exchange)
        } else {
            exchange.client?.refuse(loss.error(of: pool.name))
        }
    }

    /// - Returns: whether the process has ended and nothing remains to be done with it.
    func reapIfEnded() -> Bool {
        guard let end = ProcessEnd.reap(pid) else { return false }
        // Output that it wrote before it ended still counts.
        while isServing, pipes.hasOutput { readAnswer() }
        if isServing { lose("ended", as: .crash(retry: canRetry)) }
        relay.finish()
        if let fault {
            services.log.crash(
                function: pool.name, requestID: fault.requestID, reason: fault.reason, end: end, lines: relay.lastLines)
        }
        return true
    }
}
