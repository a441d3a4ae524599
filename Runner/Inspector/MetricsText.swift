import Gateway
import Glibc
import Wire

/// The counters in the text format 0.0.4 of Prometheus.
///
/// Every label is the name of a function or a word from a fixed set, so that no caller can increase the number of
/// series.
struct MetricsText {
    private let gateway: any GatewayState
    private let functions: [FunctionState]
    private let buffer = ByteBuffer(capacity: 16 * 1024)

    init(_ gateway: any GatewayState) {
        self.gateway = gateway
        functions = gateway.functionStates
    }

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
        functions.map { ($0.name, $0.statistics) } + [("", gateway.unserved)]
    }

    // MARK: Families

    private func writeGateway() {
        family(
            "runner_build_info", "gauge", "The version of the runner.",
            [Sample(labels: [("version", runnerVersion)], value: 1)])
        single(
            "process_start_time_seconds", "gauge", "When the gateway started, in Unix time.",
            Double(gateway.startedAt.milliseconds) / 1000)
        single(
            "process_resident_memory_bytes", "gauge", "Memory of the gateway without its functions.",
            Double(ProcessMemory.resident(of: getpid())))
        single("runner_connections", "gauge", "Open connections.", Double(gateway.openConnections))
        single(
            "runner_connections_accepted_total", "counter", "Accepted connections.",
            Double(gateway.acceptedConnections))
    }

    private func writeFunctions() {
        let all = statistics
        let classes = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"]
        family(
            "runner_requests_total", "counter",
            "Answered requests. Without a function, the gateway itself answered.",
            all.flatMap { name, statistics in
                zip(classes, statistics.requests).filter { $0.1 > 0 }
                    .map { Sample(labels: [("function", name), ("status", $0.0)], value: Double($0.1)) }
            })
        counters("runner_cold_starts_total", "Requests whose process had to be started.") { $0.coldStarts }
        counters("runner_process_starts_total", "Started processes.") { $0.processStarts }
        counters("runner_crashes_total", "Processes that crashed or sent an invalid response.") { $0.crashes }
        counters("runner_timeouts_total", "Requests that a function did not answer in time.") { $0.timeouts }
        counters("runner_repeated_writes_total", "Writes to PostgreSQL that met others and ran again.") {
            $0.repeatedWrites
        }
        counters("runner_request_bytes_total", "Bytes of request bodies.") { $0.requestBytes }
        counters("runner_response_bytes_total", "Bytes of response bodies.") { $0.responseBytes }
        family(
            "runner_queue_length", "gauge", "Requests that wait for a process.",
            functions.map { Sample(labels: [("function", $0.name)], value: Double($0.waiting)) })
        family(
            "runner_processes", "gauge", "Processes by state.",
            functions.flatMap { function in
                [("idle", function.idle), ("busy", function.busy)].map {
                    Sample(labels: [("function", function.name), ("state", $0.0)], value: Double($0.1))
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

    /// A function may give itself any name.
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
