-- wrk's figures as one line of JSON: requests a second, the median in microseconds, failures.
function done(summary, latency, requests)
    local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status
        + summary.errors.timeout
    io.write(string.format('{"rate":%.1f,"median":%.1f,"requests":%d,"errors":%d}\n',
        summary.requests / summary.duration * 1e6, latency:percentile(50), summary.requests, failed))
end
