import Gateway
import Glibc
import Wire

/// The current state of the gateway and its functions, with the histograms of every function that has been called.
struct InspectorState {
    private let gateway: any GatewayState

    init(_ gateway: any GatewayState) { self.gateway = gateway }

    var json: JSON {
        let functions = gateway.functionStates
        return [
            "version": .string(runnerVersion), "basePath": .string(gateway.basePath),
            "startedAt": .string(gateway.startedAt.description),
            "time": .string(Timestamp.now().description), "memory": number(ProcessMemory.resident(of: getpid())),
            "connections": number(gateway.openConnections),
            "accepted": number(gateway.acceptedConnections),
            "waiting": number(functions.reduce(0) { $0 + $1.waiting }),
            "requests": number(functions.reduce(gateway.unserved.requestCount) { $0 + $1.statistics.requestCount }),
            "bounds": .array(Histogram.bounds.map { InvocationList.milliseconds($0) }),
            "functions": .array(functions.map(function)),
        ]
    }

    private func number(_ value: Int) -> JSON { .int(Int64(value)) }

    private func function(_ function: FunctionState) -> JSON {
        let statistics = function.statistics
        var json: JSONObject = [:]
        json["name"] = .string(function.name)
        json["waiting"] = number(function.waiting)
        json["idle"] = number(function.idle)
        json["busy"] = number(function.busy)
        json["processes"] = .array(function.processes.map(process))
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

    private func process(_ process: ProcessState) -> JSON {
        [
            "pid": .int(Int64(process.pid)), "served": number(process.served),
            "state": .string(process.activity.rawValue),
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
