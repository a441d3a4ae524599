import Glibc
import Wire

/// What the pools and the gateway do at this moment, with the histograms of every function that has
/// been called.
struct InspectorState {
    private let server: Server

    init(_ server: Server) { self.server = server }

    var json: JSON {
        let pools = server.pools.all
        return [
            "version": .string(Program.version), "basePath": .string(server.options.basePath),
            "startedAt": .string(server.observer.startedAt.description),
            "time": .string(Timestamp.now().description), "memory": number(ProcessMemory.resident(of: getpid())),
            "connections": number(server.connections.count),
            "accepted": number(server.observer.acceptedConnections),
            "waiting": number(pools.reduce(0) { $0 + $1.waitingCount }),
            "requests": number(pools.reduce(server.observer.unserved.requestCount) { $0 + $1.statistics.requestCount }),
            "bounds": .array(Histogram.bounds.map { InvocationList.milliseconds($0) }),
            "functions": .array(pools.map(function)),
        ]
    }

    private func number(_ value: Int) -> JSON { .int(Int64(value)) }

    private func function(_ pool: FunctionPool) -> JSON {
        let processes = server.pools.processes(of: pool)
        let statistics = pool.statistics
        var json: JSONObject = [:]
        json["name"] = .string(pool.name)
        json["waiting"] = number(pool.waitingCount)
        json["idle"] = number(pool.idle.count)
        json["busy"] = number(processes.count { $0.current != nil })
        json["processes"] = .array(processes.map(process))
        json["requests"] = number(statistics.requestCount)
        json["failures"] = number(statistics.requests[5])
        json["coldStarts"] = number(statistics.coldStarts)
        json["starts"] = number(statistics.processStarts)
        json["crashes"] = number(statistics.crashes)
        json["timeouts"] = number(statistics.timeouts)
        if statistics.total.count > 0 {
            json["total"] = histogram(statistics.total)
            json["queue"] = histogram(statistics.queue)
            json["function"] = histogram(statistics.function)
        }
        return .object(json)
    }

    private func process(_ process: FunctionProcess) -> JSON {
        [
            "pid": .int(Int64(process.pid)), "served": number(process.served),
            "state": .string(process.current != nil ? "busy" : process.isServing ? "idle" : "ending"),
            "memory": number(ProcessMemory.resident(of: process.pid)),
        ]
    }

    private func histogram(_ histogram: Histogram) -> JSON {
        [
            "counts": .array(histogram.counts.map(number)), "count": number(histogram.count),
            "meanMs": histogram.count == 0 ? .null : .double(Double(histogram.sum / Int64(histogram.count)) / 1000),
            "p50Ms": InvocationList.milliseconds(histogram.quantile(0.5)),
            "p95Ms": InvocationList.milliseconds(histogram.quantile(0.95)),
            "p99Ms": InvocationList.milliseconds(histogram.quantile(0.99)),
        ]
    }
}
