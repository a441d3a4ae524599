import Glibc
import Wire

/// The counters in the text format 0.0.4 of Prometheus.
///
/// Every label is the name of a function or a word of a fixed set, so that no caller can make the
/// number of series grow.
struct MetricsText {
    private let server: Server
    private let buffer = ByteBuffer(capacity: 16 * 1024)

    init(_ server: Server) { self.server = server }

    var text: String {
        buffer.removeAll()
        writeGateway()
        writeFunctions()
        return buffer.text
    }

    private typealias Labels = [(name: String, value: String)]
    private struct Sample {
        let labels: Labels
        let value: Double
    }

    private var statistics: [(name: String, of: FunctionStatistics)] {
        let called = server.pools.all.map { ($0.name, $0.statistics) }
        return called + [("", server.observer.unserved)]
    }

    // MARK: Families

    private func writeGateway() {
        family(
            "runner_build_info", "gauge", "Which version runs.",
            [Sample(labels: [("version", Program.version)], value: 1)])
        single(
            "process_start_time_seconds", "gauge", "When the gateway started, in Unix time.",
            Double(server.observer.startedAt.milliseconds) / 1000)
        single(
            "process_resident_memory_bytes", "gauge", "Memory of the gateway without its functions.",
            Double(ProcessMemory.resident(of: getpid())))
        single("runner_connections", "gauge", "Connections that are open.", Double(server.connections.count))
        single(
            "runner_connections_accepted_total", "counter", "Connections that were taken.",
            Double(server.observer.acceptedConnections))
    }

    private func writeFunctions() {
        let all = statistics
        let classes = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"]
        family(
            "runner_requests_total", "counter",
            "Requests that were answered; without a function, by the gateway itself.",
            all.flatMap { name, statistics in
                zip(classes, statistics.requests).filter { $0.1 > 0 }
                    .map { Sample(labels: [("function", name), ("status", $0.0)], value: Double($0.1)) }
            })
        counters("runner_cold_starts_total", "Requests whose process was started for them.") { $0.coldStarts }
        counters("runner_process_starts_total", "Processes that were started.") { $0.processStarts }
        counters("runner_crashes_total", "Processes that ended on their own or gave no proper answer.") { $0.crashes }
        counters("runner_timeouts_total", "Requests whose function did not answer in time.") { $0.timeouts }
        counters("runner_request_bytes_total", "Bytes of request bodies.") { $0.requestBytes }
        counters("runner_response_bytes_total", "Bytes of response bodies.") { $0.responseBytes }
        let pools = server.pools.all
        family(
            "runner_queue_length", "gauge", "Requests that wait for a process.",
            pools.map { pool in
                Sample(labels: [("function", pool.name)], value: Double(pool.waitingCount))
            })
        family(
            "runner_processes", "gauge", "Processes by what they do.",
            pools.flatMap { pool in
                let busy = server.pools.processes(of: pool).count { $0.current != nil }
                return [("idle", pool.idle.count), ("busy", busy)].map {
                    Sample(labels: [("function", pool.name), ("state", $0.0)], value: Double($0.1))
                }
            })
        histograms("runner_request_duration_seconds", "From a request's head to the end of its response.") { $0.total }
        histograms("runner_queue_duration_seconds", "How long requests waited for a process.") { $0.queue }
        histograms("runner_function_duration_seconds", "How long functions took.") { $0.function }
    }

    private func counters(_ name: String, _ help: String, _ value: (FunctionStatistics) -> Int) {
        let served = statistics.filter { !$0.name.isEmpty }
        family(
            name, "counter", help, served.map { Sample(labels: [("function", $0.name)], value: Double(value($0.of))) })
    }

    private func histograms(_ name: String, _ help: String, _ histogram: (FunctionStatistics) -> Histogram) {
        let called = statistics.map { ($0.name, histogram($0.of)) }.filter { $0.1.count > 0 }
        guard !called.isEmpty else { return }
        header(name, "histogram", help)
        for (function, histogram) in called {
            var seen = 0
            for (index, count) in histogram.counts.enumerated() {
                seen += count
                let bound =
                    index < Histogram.bounds.count
                    ? JSON.double(Double(Histogram.bounds[index]) / 1_000_000).text : "+Inf"
                line("\(name)_bucket", [("function", function), ("le", bound)], Double(seen))
            }
            line("\(name)_sum", [("function", function)], Double(histogram.sum) / 1_000_000)
            line("\(name)_count", [("function", function)], Double(histogram.count))
        }
    }

    // MARK: Lines

    private func single(_ name: String, _ type: String, _ help: String, _ value: Double) {
        family(name, type, help, [Sample(labels: [], value: value)])
    }

    private func family(_ name: String, _ type: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        header(name, type, help)
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    private func header(_ name: String, _ type: String, _ help: String) {
        buffer.append("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    private func line(_ name: String, _ labels: Labels, _ value: Double) {
        buffer.append(name)
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
            buffer.append("{\(pairs.joined(separator: ","))}")
        }
        buffer.append(" \(JSON.double(value).text)\n")
    }

    /// A function's name is what it says it is.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
