-- The payment that wrk and wrk2 send, and what they print at the end.
wrk.method = "POST"
wrk.path = "/mobile/payments/makePayment"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json"

local number = 0

function request()
    number = number + 1
    return wrk.format(nil, nil, nil, string.format(
        '{"paymentId":"%032x","clientType":1,"paymentMethod":{"type":"scheme","token":"tok-1234"}}',
        number))
end

function done(summary, latency)
    print(string.format("quantiles_us %d %d %d", latency:percentile(90), latency:percentile(99),
        latency:percentile(99.9)))
end
